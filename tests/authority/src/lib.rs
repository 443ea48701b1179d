//! Proof of the rules of access, apart from the product so that nothing of it is ever shipped.
//!
//! `tests/cedar` compares `decide` with the same rules written in Cedar, over random cases that crowd around every boundary.
//! `tests/model` lets people act at the same time on the real transitions and looks at every order of their steps.

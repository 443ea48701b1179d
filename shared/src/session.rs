//! Who somebody is: tokens, cookies, passwords.

pub mod cookie;
pub mod password;
pub mod token;

//! One page of ink as a form that another page draws.

use std::collections::{BTreeMap, VecDeque};

use lopdf::{Document, Object, ObjectId, Stream, dictionary};

use crate::pdf::SealError;
use crate::pdf::draw;
use crate::pdf::layout::{Item, Paper, Sheet};

/// Draws `items`, with the fonts that they need, and adds them to `target`.
pub(super) fn add(target: &mut Document, paper: Paper, items: Vec<Item>) -> Result<ObjectId, SealError> {
    let drawn = draw::sheets(&[Sheet { paper, items }], None)?;
    let drawn = Document::load_mem(&drawn).map_err(|_| SealError::Drawing)?;
    let page = drawn.page_iter().next().ok_or(SealError::Drawing)?;
    let content = drawn.get_page_content(page);
    let entries = drawn.get_dictionary(page).map_err(|_| SealError::Drawing)?;
    let mut import = Import { from: &drawn, numbers: BTreeMap::new(), queue: VecDeque::new() };
    let mut resources = entries.get_deref(b"Resources", &drawn).map_err(|_| SealError::Drawing)?.clone();
    import.renumber(&mut resources, target);
    while let Some((old, new)) = import.queue.pop_front() {
        let mut object = drawn.get_object(old).map_err(|_| SealError::Drawing)?.clone();
        import.renumber(&mut object, target);
        target.objects.insert(new, object);
    }
    let entries = dictionary! {
        "Type" => "XObject", "Subtype" => "Form", "Resources" => resources,
        "BBox" => vec![0.into(), 0.into(), paper.width.into(), paper.height.into()],
    };
    Ok(target.add_object(Stream::new(entries, content)))
}

struct Import<'a> {
    from: &'a Document,
    numbers: BTreeMap<ObjectId, ObjectId>,
    queue: VecDeque<(ObjectId, ObjectId)>,
}

impl Import<'_> {
    /// Gives everything that `object` refers to a number in `target`. Pages are left behind: nothing that is drawn needs one.
    fn renumber(&mut self, object: &mut Object, target: &mut Document) {
        match object {
            Object::Reference(id) => {
                let known = self.numbers.get(id).copied();
                let is_page = |id| self.from.get_dictionary(id).is_ok_and(|entries| entries.has_type(b"Page"));
                *object = match known {
                    Some(new) => Object::Reference(new),
                    None if is_page(*id) => Object::Null,
                    None => {
                        let new = target.new_object_id();
                        self.numbers.insert(*id, new);
                        self.queue.push_back((*id, new));
                        Object::Reference(new)
                    }
                };
            }
            Object::Array(items) => items.iter_mut().for_each(|item| self.renumber(item, target)),
            Object::Dictionary(entries) => entries.iter_mut().for_each(|(_, value)| self.renumber(value, target)),
            Object::Stream(stream) => stream.dict.iter_mut().for_each(|(_, value)| self.renumber(value, target)),
            _ => {}
        }
    }
}

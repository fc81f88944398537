//! Lists that only grow, indexed by the ids that they hand out.

use std::marker::PhantomData;
use std::ops::{Index, IndexMut};

/// The place of an item in its list.
pub(crate) trait Id: Copy {
    fn at(place: usize) -> Self;
    fn place(self) -> usize;
}

/// Items of one kind. Nothing is ever removed, so that an id stays good.
pub(crate) struct Arena<I, T> {
    items: Vec<T>,
    id: PhantomData<I>,
}

impl<I: Id, T> Arena<I, T> {
    pub(crate) fn new() -> Self {
        Arena { items: Vec::new(), id: PhantomData }
    }

    /// The id that the next item will have.
    pub(crate) fn next_id(&self) -> I {
        I::at(self.items.len())
    }

    pub(crate) fn push(&mut self, item: T) -> I {
        let id = self.next_id();
        self.items.push(item);
        id
    }

    pub(crate) fn ids(&self) -> impl Iterator<Item = I> + use<I, T> {
        (0..self.items.len()).map(I::at)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (I, &T)> {
        self.ids().zip(&self.items)
    }

    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = (I, &mut T)> {
        self.ids().zip(&mut self.items)
    }
}

#[expect(clippy::indexing_slicing, reason = "an id names an item of the list that has handed it out")]
impl<I: Id, T> Index<I> for Arena<I, T> {
    type Output = T;

    fn index(&self, id: I) -> &T {
        &self.items[id.place()]
    }
}

#[expect(clippy::indexing_slicing, reason = "an id names an item of the list that has handed it out")]
impl<I: Id, T> IndexMut<I> for Arena<I, T> {
    fn index_mut(&mut self, id: I) -> &mut T {
        &mut self.items[id.place()]
    }
}

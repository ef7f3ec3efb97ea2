//! What maps work on: JSON values, the program itself, and a zone; and how far they may go.

use std::cell::Cell;
use std::hint::black_box;
use std::panic::{self, AssertUnwindSafe};

use crate::Zone;
use jaq_core::data::HasLut;
use jaq_core::{DataT, Lut};
use jaq_json::Val;

/// The kind of data that maps work on.
pub(super) struct Ground;

impl DataT for Ground {
    type V<'a> = Val;
    type Data<'a> = Known<'a>;
}

/// What the functions of a map know beside their arguments.
#[derive(Clone)]
pub(super) struct Known<'a> {
    pub(super) lut: &'a Lut<Ground>,
    /// The zone for times without offset, where one is named.
    pub(super) zone: Option<&'a Zone>,
    pub(super) bounds: &'a Bounds,
}

impl<'a> HasLut<'a, Ground> for Known<'a> {
    /// The program, which is looked into at every step.
    fn lut(&self) -> &'a Lut<Ground> {
        self.bounds.step();
        self.lut
    }
}

/// How far a map may go with one row. A map that calls itself without end would
/// otherwise overflow the stack, which nothing can recover from, fill the memory or never end.
pub(super) struct Bounds {
    /// The position of the stack at first.
    stack: usize,
    steps: Cell<u32>,
}

/// The bound that a map has reached.
#[derive(Clone, Copy)]
pub(super) enum Bound {
    Depth,
    Steps,
}

/// How much of the stack that maps are run on, whose size is [`STACK`], they may take.
const DEEPEST: usize = STACK / 4 * 3;

/// Room for maps that call themselves, and for values nested as deep as they may be.
pub const STACK: usize = 256 << 20;

/// How many steps a map may take before it gives something: about a second. Unoptimised programs,
/// as tests run them, are slower.
const MOST: u32 = if cfg!(debug_assertions) { 1_000_000 } else { 5_000_000 };

impl Bounds {
    /// Runs something within bounds that start here, or returns which one it reached.
    pub(super) fn within<T>(run: impl FnOnce(&Self) -> T) -> Result<T, Bound> {
        let bounds = Self { stack: stack(), steps: Cell::new(0) };
        // what is left half done is dropped with the row
        panic::catch_unwind(AssertUnwindSafe(|| run(&bounds))).map_err(|cause| match cause.downcast() {
            Ok(bound) => *bound,
            Err(other) => panic::resume_unwind(other),
        })
    }

    /// Counts anew, as the map gave something.
    pub(super) fn renew(&self) {
        self.steps.set(0);
    }

    /// Takes a step. Beyond the bounds there is no value to go on with, so all calls are left at once.
    pub(super) fn step(&self) {
        self.steps.set(self.steps.get() + 1);
        if self.steps.get() > MOST {
            panic::resume_unwind(Box::new(Bound::Steps));
        }
        if self.stack.abs_diff(stack()) > DEEPEST {
            panic::resume_unwind(Box::new(Bound::Depth));
        }
    }
}

impl Bound {
    pub(super) const fn message(self) -> &'static str {
        match self {
            Self::Depth => "calls itself too deep; check that it ends",
            Self::Steps => "takes too many steps and returns nothing; check that it ends",
        }
    }
}

/// The current position of the stack.
fn stack() -> usize {
    let here = 0_u8;
    std::ptr::from_ref(black_box(&here)).addr()
}

/// A value as text: a text as it is, anything else as JSON.
pub(super) fn text_of(value: &Val) -> String {
    match value {
        Val::TStr(text) => String::from_utf8_lossy(text).into_owned(),
        other => other.to_string(),
    }
}

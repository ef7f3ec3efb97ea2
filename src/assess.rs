//! Reports: each folds rules or ratings into one typed value.

pub mod decay;

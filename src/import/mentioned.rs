//! What a map names of its row: for near misses of columns, and so that nothing is made a value that it cannot see.

use std::collections::BTreeSet;
use std::iter;

use jaq_core::load;
use jaq_core::load::lex::StrPart;
use jaq_core::load::parse::{BinaryOp, Def, Term};
use jaq_core::path::{Part, Path};

/// The members of the row that a map names outright: `.name`, `.["a name"]` and `column("a name")`.
pub(super) fn mentioned(text: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    // a list of what is left to look at, as a map may be nested deeper than calls
    let mut left: Vec<Term<&str>> = load::parse(text, |parser| parser.term()).into_iter().collect();
    while let Some(term) = left.pop() {
        match term {
            Term::Path(of, Path(parts)) => {
                // behind something else a path leads into that, and not into the row
                if let (Term::Id, Some((Part::Index(key), _))) = (&*of, parts.first()) {
                    names.extend(plain_text(key));
                }
                left.push(*of);
                left.extend(
                    parts
                        .into_iter()
                        .flat_map(|(part, _)| match part {
                            Part::Index(key) => [Some(key), None],
                            Part::Range(from, to) => [from, to],
                        })
                        .flatten(),
                );
            }
            Term::Call("column", arguments) => names.extend(arguments.first().and_then(plain_text)),
            Term::Call(_, terms) => left.extend(terms),
            Term::Str(_, parts) => left.extend(parts.into_iter().filter_map(|part| match part {
                StrPart::Term(term) => Some(term),
                StrPart::Str(_) | StrPart::Char(_) => None,
            })),
            Term::Arr(term) => left.extend(term.map(|term| *term)),
            Term::Obj(members) => {
                left.extend(members.into_iter().flat_map(|(key, value)| [Some(key), value]).flatten());
            }
            Term::Neg(term) | Term::Label(_, term) => left.push(*term),
            Term::BinOp(one, _, other) => left.extend([*one, *other]),
            Term::Fold(_, term, _, terms) => left.extend(iter::once(*term).chain(terms)),
            Term::TryCatch(term, other) => left.extend(iter::once(*term).chain(other.map(|other| *other))),
            Term::IfThenElse(branches, other) => {
                left.extend(branches.into_iter().flat_map(|(condition, then)| [condition, then]));
                left.extend(other.map(|other| *other));
            }
            Term::Def(definitions, term) => {
                left.extend(definitions.into_iter().map(|definition| definition.body));
                left.push(*term);
            }
            Term::Id | Term::Recurse | Term::Num(_) | Term::Break(_) | Term::Var(_) => {}
        }
    }
    names
}

/// The members of the row that a map can come to see, by their names; `None` where it may look at the row as a whole,
/// or where that cannot be told.
pub(super) fn wanted(text: &str) -> Option<BTreeSet<String>> {
    let term = load::parse(text, |parser| parser.term())?;
    let mut wants =
        Wants { names: BTreeSet::new(), defined: Vec::new(), open: Vec::new(), parameters: BTreeSet::new() };
    wants.definitions(&term)?;
    // what would give the row itself needs all of it
    wants.term(&term, true, 0)?.then_some(()).map_or(Some(wants.names), |()| None)
}

/// Follows the row through a map. Every function returns `None` where it may be looked at as a whole, and else
/// whether what comes out may be the row.
struct Wants<'t, 'm> {
    names: BTreeSet<String>,
    defined: Vec<&'m Def<&'t str>>,
    /// The definitions that are being followed.
    open: Vec<&'t str>,
    parameters: BTreeSet<&'t str>,
}

/// How deep a map is followed.
const DEEPEST: usize = 1000;

/// Functions that look at nothing but what their arguments give; those of one argument in a list give the row if it does.
const OF_ARGUMENTS: [(&str, usize); 9] = [
    ("days", 2),
    ("days_between", 2),
    ("empty", 0),
    ("error", 1),
    ("hours", 2),
    ("left_out", 1),
    ("not", 0),
    ("range", 1),
    ("range", 2),
];

impl<'t, 'm> Wants<'t, 'm> {
    /// Gathers all definitions, wherever they stand. Two of one name cannot be told apart here.
    fn definitions(&mut self, term: &'m Term<&'t str>) -> Option<()> {
        let mut left = vec![term];
        while let Some(term) = left.pop() {
            match term {
                Term::Def(definitions, term) => {
                    for definition in definitions {
                        let known = self.defined.iter().any(|known| known.name == definition.name);
                        if known {
                            return None;
                        }
                        self.defined.push(definition);
                        self.parameters.extend(&definition.args);
                        left.push(&definition.body);
                    }
                    left.push(term);
                }
                Term::BinOp(one, _, other) => left.extend([&**one, other]),
                Term::Path(term, _) | Term::Neg(term) | Term::Label(_, term) | Term::Arr(Some(term)) => left.push(term),
                Term::Call(_, terms) => left.extend(terms),
                Term::Fold(_, term, _, terms) => left.extend(iter::once(&**term).chain(terms)),
                Term::TryCatch(term, other) => left.extend(iter::once(&**term).chain(other.as_deref())),
                Term::IfThenElse(branches, other) => {
                    left.extend(
                        branches.iter().flat_map(|(condition, then)| [condition, then]).chain(other.as_deref()),
                    );
                }
                Term::Obj(members) => left.extend(members.iter().flat_map(|(key, value)| iter::once(key).chain(value))),
                Term::Str(_, parts) => left.extend(parts.iter().filter_map(|part| match part {
                    StrPart::Term(term) => Some(term),
                    StrPart::Str(_) | StrPart::Char(_) => None,
                })),
                Term::Id | Term::Recurse | Term::Num(_) | Term::Break(_) | Term::Var(_) | Term::Arr(None) => {}
            }
        }
        // a parameter of the name of a definition hides it
        let hidden = self.defined.iter().any(|definition| self.parameters.contains(definition.name));
        (!hidden).then_some(())
    }

    /// `row`: whether what comes in may be the row.
    fn term(&mut self, term: &'m Term<&'t str>, row: bool, depth: usize) -> Option<bool> {
        if !row {
            return Some(false);
        }
        let depth = Some(depth + 1).filter(|depth| *depth < DEEPEST)?;
        match term {
            Term::Id => Some(true),
            Term::Num(_) | Term::Var(_) | Term::Break(_) | Term::Arr(None) => Some(false),
            Term::Recurse => None,
            Term::Arr(Some(term)) | Term::Neg(term) => self.part(term, depth),
            Term::Str(_, parts) => {
                let terms = parts.iter().filter_map(|part| match part {
                    StrPart::Term(term) => Some(term),
                    StrPart::Str(_) | StrPart::Char(_) => None,
                });
                self.parts(terms, depth)
            }
            Term::Obj(members) => {
                for (key, value) in members {
                    match (value, plain_text(key)) {
                        (Some(value), _) => drop((self.part(key, depth)?, self.part(value, depth)?)),
                        (None, Some(name)) => drop(self.names.insert(name)),
                        (None, None) if matches!(key, Term::Var(_)) => {}
                        (None, None) => return None,
                    }
                }
                Some(false)
            }
            Term::BinOp(one, op, other) => self.operation(one, op, other, depth),
            Term::Fold(_, source, _, terms) => {
                self.part(source, depth)?;
                let (start, steps) = terms.split_first()?;
                let start = self.term(start, true, depth)?;
                // what a step gives, the next one gets
                for step in steps {
                    self.term(step, start, depth)?;
                }
                Some(start)
            }
            // what is caught may hold what was thrown
            Term::TryCatch(term, _) | Term::Label(_, term) | Term::Def(_, term) => self.term(term, true, depth),
            Term::IfThenElse(branches, other) => {
                let mut out = other.is_none();
                for (condition, then) in branches {
                    self.term(condition, true, depth)?;
                    out |= self.term(then, true, depth)?;
                }
                if let Some(other) = other {
                    out |= self.term(other, true, depth)?;
                }
                Some(out)
            }
            Term::Call(name, arguments) => self.call(name, arguments, depth),
            Term::Path(base, Path(parts)) => self.path(base, parts, depth),
        }
    }

    /// A term whose value goes into another: the row itself would be looked at there.
    fn part(&mut self, term: &'m Term<&'t str>, depth: usize) -> Option<bool> {
        self.term(term, true, depth).filter(|row| !row)
    }

    fn parts(&mut self, terms: impl IntoIterator<Item = &'m Term<&'t str>>, depth: usize) -> Option<bool>
    where
        't: 'm,
    {
        for term in terms {
            self.part(term, depth)?;
        }
        Some(false)
    }

    fn operation(
        &mut self,
        one: &'m Term<&'t str>,
        op: &'m BinaryOp<&'t str>,
        other: &'m Term<&'t str>,
        depth: usize,
    ) -> Option<bool> {
        match op {
            BinaryOp::Pipe(None) => {
                let row = self.term(one, true, depth)?;
                self.term(other, row, depth)
            }
            BinaryOp::Pipe(Some(_)) => {
                self.part(one, depth)?;
                self.term(other, true, depth)
            }
            BinaryOp::Comma | BinaryOp::Alt => {
                let row = self.term(one, true, depth)?;
                Some(self.term(other, true, depth)? || row)
            }
            BinaryOp::Or | BinaryOp::And => {
                self.term(one, true, depth)?;
                self.term(other, true, depth)?;
                Some(false)
            }
            BinaryOp::Math(_) | BinaryOp::Cmp(_) => self.parts([one, other], depth),
            BinaryOp::Assign | BinaryOp::Update | BinaryOp::UpdateMath(_) | BinaryOp::UpdateAlt => None,
        }
    }

    fn path(
        &mut self,
        base: &'m Term<&'t str>,
        parts: &'m [(Part<Term<&'t str>>, jaq_core::path::Opt)],
        depth: usize,
    ) -> Option<bool> {
        let row = self.term(base, true, depth)?;
        let mut parts = parts.iter().map(|(part, _)| part);
        if row {
            match parts.next()? {
                Part::Index(key) => drop(self.names.insert(plain_text(key)?)),
                Part::Range(..) => return None,
            }
        }
        for part in parts {
            match part {
                Part::Index(key) => drop(self.part(key, depth)?),
                Part::Range(from, to) => drop(self.parts(from.iter().chain(to), depth)?),
            }
        }
        Some(false)
    }

    fn call(&mut self, name: &'t str, arguments: &'m [Term<&'t str>], depth: usize) -> Option<bool> {
        if self.parameters.contains(name) {
            // what it stands for was followed where it was passed
            return Some(true);
        }
        if let Some(&definition) = self.defined.iter().find(|definition| definition.name == name) {
            for (parameter, argument) in definition.args.iter().zip(arguments) {
                let row = self.term(argument, true, depth)?;
                if row && parameter.starts_with('$') {
                    return None;
                }
            }
            if self.open.contains(&name) {
                return Some(true);
            }
            self.open.push(name);
            let row = self.term(&definition.body, true, depth);
            self.open.pop();
            return row;
        }
        match (name, arguments) {
            ("select", [condition]) => {
                self.term(condition, true, depth)?;
                Some(true)
            }
            ("column", [name]) => {
                self.names.insert(plain_text(name)?);
                Some(false)
            }
            ("first" | "last", [term]) => self.term(term, true, depth),
            ("any" | "all", [source, condition]) => {
                let row = self.term(source, true, depth)?;
                self.term(condition, row, depth)?;
                Some(false)
            }
            ("verdict", [step, steps]) => self.parts([step, steps], depth),
            _ if OF_ARGUMENTS.contains(&(name, arguments.len())) => self.parts(arguments, depth),
            _ => None,
        }
    }
}

/// The text of a term that is a literal.
fn plain_text(term: &Term<&str>) -> Option<String> {
    let Term::Str(None, parts) = term else { return None };
    let part = |part: &StrPart<&str, _>| match part {
        StrPart::Str(text) => Some((*text).to_owned()),
        StrPart::Char(character) => Some(character.to_string()),
        StrPart::Term(_) => None,
    };
    parts.iter().map(part).collect()
}

/// The column whose name is nearly this one, if there is one.
pub(super) fn meant<'c>(name: &str, columns: &'c [String]) -> Option<&'c str> {
    if name.chars().count() < 3 || name.chars().count() > 60 {
        return None;
    }
    let plain = |text: &str| text.trim().to_lowercase().replace(['_', '-'], " ");
    let near = |column: &&String| strsim::jaro_winkler(&plain(column), &plain(name));
    let best = columns.iter().max_by(|one, other| near(one).total_cmp(&near(other)))?;
    (near(&best) > 0.92).then_some(best)
}

#[cfg(test)]
mod tests {
    use super::{meant, mentioned, wanted};

    #[test]
    fn only_members_of_the_row_are_taken_for_columns() {
        let names = |text: &str| mentioned(text).into_iter().collect::<Vec<_>>().join(",");
        assert_eq!(names(".a + .b_2 | .[\"c d\"]"), "a,b_2,c d");
        assert_eq!(names("column(\"x y\") # .no \"nor\"\n| .yes"), "x y,yes");
        assert_eq!(names("{point: \"p.q\", line: $row.line, z: (.a).b, y: .c[0].d, x: .e.f}"), "a,c,e");
        assert_eq!(names("\"open . and # text"), "");
        assert_eq!(
            names("def f: map(.a?); [f, .\"b c\"] | if .d then \"\\(.e)\" else column($row.f) end"),
            "a,b c,d,e"
        );
    }

    #[test]
    fn a_column_is_meant_where_its_name_is_nearly_that() {
        let columns = ["Bewertung".to_owned(), "picked up".to_owned(), "Id".to_owned()];
        assert_eq!(meant("bewertung", &columns), Some("Bewertung"));
        assert_eq!(meant("Bewertng", &columns), Some("Bewertung"));
        assert_eq!(meant("picked_up", &columns), Some("picked up"));
        assert_eq!(meant("stars", &columns), None);
        assert_eq!(meant("ID", &columns), None);
    }

    #[test]
    fn what_a_map_cannot_see_is_told() {
        let wants = |text: &str| wanted(text).map(|names| names.into_iter().collect::<Vec<_>>().join(","));
        for (map, names) in [
            ("{recipient: .who, point: \"p\", at: (.day | instant(\"%d\"))}", "day,who"),
            ("select(.a) | {b: .b.c, d: [.d[] | .e]}, empty", "a,b,d"),
            ("def date($name): .x | known; def late: hours(.due; .done) > 0; {a: date(\"d\"), l: late}", "done,due,x"),
            ("def f(g): g; f(.a) | .b", "a,b"),
            ("def f(g): [.z | g]; f(.a)", "a,z"),
            ("if .a == 1 then .b elif .c then empty else left_out(\"x\") end", "a,b,c"),
            ("column(\"x y\") as $x | {$x, z: .z, w}", "w,x y,z"),
            ("reduce .items[] as $item (0; . + $item.n)", "items"),
            ("first(.a, .b) // .c | \"\\(.d)\"", "a,b,c"),
            ("try .a catch .b", "a"),
            ("[.a[1:.b]]", "a,b"),
        ] {
            assert_eq!(wants(map).as_deref(), Some(names), "{map}");
        }
        // what may be looked at as a whole
        for map in [
            ".",
            "{a: .}",
            ". as $x | $x.a",
            "keys",
            ".[\"a\" + \"b\"]",
            "[.[]]",
            "to_entries",
            "\"\\(.)\"",
            ".a = 1",
            "..",
            "tojson",
            "def f($x): $x.a; f(.)",
            "def f: .a; def f: .; f",
            "def f: def f: .; .a | f; f | f",
            "reduce 1 as $i (.; .)",
            "if .a then 1 end",
            ". == {}",
            "select(.a)",
            "has(\"a\")",
            "has(\"a\") | not",
            "def g(f): f; g(keys)",
        ] {
            assert_eq!(wants(map), None, "{map}");
        }
    }
}

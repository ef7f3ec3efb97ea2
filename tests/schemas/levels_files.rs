//! Levels files: what is taken as rules is as described, and what cannot be rules is refused by both.

use serde_json::Value;

use crate::harness::serveup;
use crate::{schema, text, valid, validator};

/// A file as its values, with dates as texts.
fn told(file: &str) -> Value {
    fn value(written: toml::Value) -> Value {
        match written {
            toml::Value::Table(table) => table.into_iter().map(|(key, one)| (key, value(one))).collect(),
            toml::Value::Array(list) => list.into_iter().map(value).collect(),
            toml::Value::String(text) => text.into(),
            toml::Value::Integer(number) => number.into(),
            toml::Value::Float(number) => number.into(),
            toml::Value::Boolean(truth) => truth.into(),
            toml::Value::Datetime(date) => date.to_string().into(),
        }
    }
    value(toml::Value::Table(file.parse().expect("TOML")))
}

#[test]
fn every_levels_file_of_the_project_is_as_described() {
    let schema = validator(&schema("levels"));
    for file in ["levels.toml", "page.toml", "examples/levels.de.toml", "examples/data/memory.toml"] {
        valid(&schema, &told(&text(file)), file);
    }
    let own = "[[levels]]\nname = 'surprising'\nlabel = 'Überraschend'\nlasts = 2\nneeds_value = false\n\
        [levels.signals]\nhandwritten-card = 'by hand'\n[[value]]\ncategory = 'emotional'\n[value.kinds]\njoy = 'joy'\n\
        [escalator]\nfrom = 'desired'\nunnamed = 'point'\nmemory_days = 90\n\
        [[market]]\nact = 'gift'\nsince = 2026-01-01\nlevel = 'basic'\n\
        [[market]]\nact = 'gift'\nsince = '2026-02-01'\nlevel = 'desired'\n\
        [[response]]\nrung = 'shame'\nhelps = true\n\
        [[journey]]\nname = 'shoes'\npath = ['purchase/pick-up', 'farewell']\n[loyalty]\nrecent = 5\n[enough]\ninteractions = 1\nrecipients = 1\n\
        [page]\nlang = 'pt-BR'\nthousands = ''\ntitle = 'x'\nmoments = {one = 'x', other = '{n}'}\nacts = '{n}'\n";
    valid(&schema, &told(own), "a file that says something of everything");
    serveup("levels --check own.toml").file("own.toml", own).stdout("own.toml: good\n").run();
}

#[test]
fn what_cannot_be_rules_is_refused_by_both() {
    let schema = validator(&schema("levels"));
    for wrong in [
        "[[level]]\nname = 'basic'\n",
        "[[levels]]\nlabel = 'good'\n",
        "[[levels]]\nname = 'good'\n",
        "[[levels]]\nname = 'desired'\nlasts = 0\n",
        "[[levels]]\nname = 'desired'\nlasts = 1.5\n",
        "[[levels]]\nname = 'basic'\nlasts = 1\n",
        "[[levels]]\nname = 'criminal'\nlasts = 1\n",
        "[[levels]]\nname = 'basic'\nlabel = ' '\n",
        "[[levels]]\nname = 'basic'\nlabel = 'a;b'\n",
        "[[levels]]\nname = 'basic'\nneeds_value = 'no'\n",
        "[[levels]]\nname = 'basic'\n[levels.signals]\n'two words' = 'x'\n",
        "[[levels]]\nname = 'basic'\n[levels.signals]\nlate = 5\n",
        "[[value]]\ncategory = 'golden'\n",
        "[[value]]\ncategory = 'emotional'\nmeaning = 'x'\n",
        "[escalator]\nfrom = 'top'\n",
        "[escalator]\nunnamed = 'on'\n",
        "[escalator]\nmemory_days = -1\n",
        "[[market]]\nact = 'gift'\nsince = 2026-01-01\nlevel = 'criminal'\n",
        "[[market]]\nact = 'gift'\nsince = 'soon'\nlevel = 'basic'\n",
        "[[market]]\nact = 'gift'\nlevel = 'basic'\n",
        "[[market]]\nact = ''\nsince = 2026-01-01\nlevel = 'basic'\n",
        "[[response]]\nrung = 'excuse'\n",
        "[[journey]]\nname = 'shoes'\n",
        "[[journey]]\nname = ''\npath = ['a']\n",
        "[[journey]]\nname = 'shoes'\npath = []\n",
        "[[journey]]\nname = 'shoes'\npath = ['a/']\n",
        "[[journey]]\nname = 'shoes'\npath = ['a', 'a']\n",
        "[loyalty]\nrecent = 0\n",
        "[enough]\nrecipients = 'many'\n",
        "levels = 5\n",
        "[page]\ntitel = 'x'\n",
        "[page]\ntitle = ''\n",
        "[page]\ntitle = {one = 'x', other = 'y'}\n",
        "[page]\nmoments = {one = 'x'}\n",
        "[page]\nmoments = {one = 'x', other = '{n}', many = '{n}'}\n",
        "[page]\nlang = 'German!'\n",
        "[page]\ndecimal = ',,'\n",
    ] {
        assert!(!schema.is_valid(&told(wrong)), "{wrong}");
        serveup("levels --check wrong.toml").file("wrong.toml", wrong).status(2).stderr_has("wrong.toml:").run();
    }
}

//! The schemas, held against what they describe by a validator that knows
//! nothing of this program: every example, every output, and records that are wrong.
#![cfg(all(feature = "cli", unix))]
#![expect(clippy::disallowed_methods, reason = "tests read the examples and lay out files of their own")]

mod coming_out;
mod going_in;
#[allow(dead_code, reason = "it serves the tests of the command line too")]
#[path = "../cli/harness.rs"]
mod harness;
mod levels_files;

use std::fs;
use std::path::Path;

use jsonschema::Validator;
use serde_json::Value;

use harness::serveup;

/// A schema as the program prints it.
#[track_caller]
fn schema(asked: &str) -> Value {
    let printed = serveup(&format!("schema {asked}")).any_stdout().run().stdout;
    let schema: Value = serde_json::from_str(&printed).expect("JSON");
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema", "{asked}");
    assert!(schema["title"].is_string(), "{asked}");
    if let Err(error) = jsonschema::meta::validate(&schema) {
        panic!("{asked} is no schema: {error}");
    }
    schema
}

fn validator(schema: &Value) -> Validator {
    jsonschema::draft202012::new(schema).expect("a schema")
}

/// Fails with everything a value has against a schema.
#[track_caller]
fn valid(validator: &Validator, value: &Value, what: &str) {
    let errors: Vec<String> =
        validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{what}\n{}", errors.join("\n"));
}

/// The text of a file of the project.
#[track_caller]
fn text(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect("a file with text")
}

/// The JSON values of a text, one after the other.
#[track_caller]
fn values(text: &str) -> Vec<Value> {
    serde_json::Deserializer::from_str(text).into_iter().map(|value| value.expect("JSON")).collect()
}

#[test]
fn everything_the_help_names_has_a_schema_and_what_is_printed_has_rows() {
    let help = serveup("schema --help").any_stdout().run().stdout;
    let named: Vec<&str> =
        help.lines().filter_map(|line| line.trim_start().strip_prefix("- ")?.split(':').next()).collect();
    assert_eq!(named.len(), 18, "{help}");
    for name in named {
        schema(name);
        if ["interaction", "recipient", "records", "levels"].contains(&name) {
            let refused = format!("serveup: --row is for results, and {name} is input; leave it out\n");
            serveup(&format!("schema {name} --row")).status(2).stderr(refused).run();
        } else {
            schema(&format!("{name} --row"));
        }
    }
}

#[test]
fn a_schema_can_go_into_a_file() {
    let ran = serveup("schema rating -o rating.json").run();
    assert_eq!(ran.read("rating.json"), serveup("schema rating").any_stdout().run().stdout);
}

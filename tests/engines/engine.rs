//! Finding the engines, and running queries on them.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// An engine from the Python registry.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Engine {
    DuckDb,
    Spark,
}

impl Engine {
    /// As the script, its package and the files of a case call it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::DuckDb => "duckdb",
            Self::Spark => "spark",
        }
    }

    pub(crate) const fn dialect(self) -> serveup::sql::Dialect {
        match self {
            Self::DuckDb => serveup::sql::Dialect::DuckDb,
            Self::Spark => serveup::sql::Dialect::Spark,
        }
    }

    const fn package(self) -> &'static str {
        match self {
            Self::DuckDb => "duckdb",
            Self::Spark => "pyspark",
        }
    }

    /// Whether it has been set up here. Where it has not, the test says so aloud
    /// and does nothing, except that it fails where `CI` is set.
    #[track_caller]
    pub(crate) fn there(self) -> bool {
        let there = folder().join(self.package()).is_dir();
        if !there {
            let aloud = format!("{} is not in {}; .ci/run puts it there", self.package(), folder().display());
            assert!(std::env::var_os("CI").is_none_or(|value| value.is_empty()), "{aloud}");
            // not by a macro, whose words are kept back where the test passes
            let _ = writeln!(std::io::stderr(), "SKIPPED: the generated SQL is not compared: {aloud}");
        }
        there
    }

    /// Runs the queries in every folder of cases, by the script beside this file.
    #[track_caller]
    pub(crate) fn run(self, cases: &Path) {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let output = Command::new("python3")
            .arg(here.join("tests/engines/run_engine.py"))
            .arg(self.name())
            .arg(here.join("examples/sql"))
            .arg(cases)
            .env("PYTHONPATH", folder())
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env("SPARK_LOCAL_IP", "127.0.0.1")
            .env_remove("SPARK_HOME")
            .output()
            .expect("python3");
        let said = String::from_utf8_lossy(&output.stderr);
        let end = said.char_indices().rev().nth(6000).map_or(0, |(at, _)| at);
        assert!(output.status.success(), "{}: {}", self.name(), &said[end..]);
    }
}

/// Where `.ci/run` puts the engines: a folder of the build's own.
pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("engines")
}

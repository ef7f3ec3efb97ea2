use std::{env, error::Error, fs::File, thread};

use serveup::read::{self, Options, Source};
use serveup::{Model, assess::Dimension};

fn main() -> Result<(), Box<dyn Error>> {
    let path = env::args().nth(1).ok_or("name a file of records")?;
    let model = Model::shipped();
    let options = Options { threads: thread::available_parallelism()?.get(), ..Options::new(&model) };
    let source = Source::new(&path, File::open(&path)?);
    let journey = read::journey([source], options, Dimension::Point)?;
    println!("{}", serde_json::to_string(&journey)?);
    Ok(())
}

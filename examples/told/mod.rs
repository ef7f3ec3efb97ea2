// A moment told in one line, as the examples of the crate's documentation tell it.

/// Fills in a draft, field by field, and checks it.
pub fn told<'a>(
    reading: &serveup::Reading<'_>,
    fields: &[(serveup::Field, &'a str)],
) -> Result<serveup::Interaction<'a>, serveup::Problem> {
    let mut draft = serveup::Draft::default();
    for (field, text) in fields {
        match field.shape() {
            serveup::Shape::Signals => draft.signal(reading, 0, text)?,
            serveup::Shape::Values => drop(draft.value(reading, 0, text)?),
            _ => draft.plain_text(reading, *field, text)?,
        }
    }
    draft.finish()
}

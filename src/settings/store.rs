//! Rows of settings.

use diesel::prelude::*;
use kernel::{ids::AgencyId, plain::Plain, time::Day};
use platform::{
    Failed, Office, Result,
    db::Conn,
    schema::{programme, setting},
};

/// Sets a value from a day; one that was set for the same day gives way.
pub fn set(office: &mut Office<'_>, name: &str, from: Day, value: &str) -> Result<(), Failed> {
    let (name, value) = (Plain::new(name), Plain::new(value));
    diesel::delete(setting::table.find((&name, from))).execute(office.conn())?;
    diesel::insert_into(setting::table)
        .values((
            setting::name.eq(name),
            setting::from_day.eq(from),
            setting::value.eq(value),
        ))
        .execute(office.conn())?;
    Ok(())
}

/// Takes back a value that was to apply from a day. Says whether there was one.
pub fn take_back(office: &mut Office<'_>, name: &str, from: Day) -> Result<bool, Failed> {
    let found = setting::table.find((Plain::new(name), from));
    Ok(diesel::delete(found).execute(office.conn())? == 1)
}

/// The words on screen of the programme that an agency runs.
pub fn words(conn: &mut Conn, agency: AgencyId) -> Result<Option<(Plain, Plain)>> {
    Ok(programme::table
        .filter(programme::agency_id.eq(agency))
        .select((programme::word_client, programme::word_survivor))
        .first(conn)
        .optional()?)
}

/// Changes the words on screen of the programmes that an agency runs.
pub fn set_words(office: &mut Office<'_>, client: &str, survivor: &str) -> Result<usize, Failed> {
    let agency = office.agency();
    Ok(
        diesel::update(programme::table.filter(programme::agency_id.eq(agency)))
            .set((
                programme::word_client.eq(Plain::new(client)),
                programme::word_survivor.eq(Plain::new(survivor)),
            ))
            .execute(office.conn())?,
    )
}

//! Partitions over the simulator's store.

use aurora_sql::SqlError;
use jobs::policy::Name;
use run_job::database::{Bounds, Counted, Exchanged, Partition, Partitioned, Scheme};
use simulator::store::{Part, Store, Table};

use super::{Connected, missing};

impl Partitioned for Connected {
    async fn scheme(&mut self, _: &Name, table: &Name) -> Result<Option<Scheme>, SqlError> {
        let name = table.to_string();
        self.read("reading the partitions", move |store| {
            let table = store
                .tables
                .get(&name)
                .filter(|table| !table.parts.is_empty());
            Ok(table.map(scheme))
        })
        .await
    }

    async fn has_rows(
        &mut self,
        _: &Name,
        table: &Name,
        partition: &str,
    ) -> Result<bool, SqlError> {
        let rows = self.rows(table, partition).await?;
        Ok(rows > 0)
    }

    async fn count(
        &mut self,
        _: &Name,
        table: &Name,
        partition: &str,
        _: &str,
    ) -> Result<Counted, SqlError> {
        let rows = self.rows(table, partition).await?;
        Ok(Counted { rows, undated: 0 })
    }

    async fn size(&mut self, _: &Name, table: &Name) -> Result<Option<u64>, SqlError> {
        let name = table.to_string();
        self.read("counting rows", move |store| {
            Ok(store.tables.get(&name).map(|table| table.rows.len() as u64))
        })
        .await
    }

    async fn add(
        &mut self,
        _: &Name,
        table: &Name,
        _: &Scheme,
        new: &[Partition],
    ) -> Result<(), SqlError> {
        let name = table.to_string();
        let parts = new.iter().map(|part| Part {
            name: part.name.clone(),
            below: part.below.unwrap_or(jiff::civil::DateTime::MAX),
        });
        let parts: Vec<Part> = parts.collect();
        let said = (
            "adding partitions",
            format!("add {} partitions to {name}", parts.len()),
        );
        self.change(said, move |store, _| {
            let table = store.tables.get_mut(&name).ok_or_else(missing)?;
            let last = table.parts.last().map(|part| part.below);
            let there = |new: &Part| table.parts.iter().any(|part| part.name == new.name);
            // Error 1493 and 1517: bounds must rise, names must differ.
            if parts
                .iter()
                .any(|new| Some(new.below) <= last || there(new))
            {
                return Err(refused(1493));
            }
            table.parts.extend(parts);
            Ok(())
        })
        .await
    }

    async fn drop_partition(
        &mut self,
        _: &Name,
        table: &Name,
        partition: &str,
        rows: u64,
    ) -> Result<bool, SqlError> {
        let (name, part) = (table.to_string(), partition.to_owned());
        let said = (
            "dropping the partition",
            format!("drop {part} of {name} if it has {rows} rows"),
        );
        self.change(said, move |store, _| {
            let table = store.tables.get(&name).ok_or_else(missing)?;
            if table.of_part(&part).len() as u64 != rows {
                return Ok(false);
            }
            dropped(store, &name, &part).map(|()| true)
        })
        .await
    }

    async fn make_like(
        &mut self,
        _: &Name,
        _: &Name,
        _: &Name,
        name: &Name,
    ) -> Result<(), SqlError> {
        let name = name.to_string();
        let said = ("making the archive table", format!("make {name}"));
        self.change(said, move |store, _| {
            store.table_mut(&name);
            Ok(())
        })
        .await
    }

    async fn exchange(
        &mut self,
        _: &Name,
        table: &Name,
        partition: &str,
        _: &Name,
        name: &Name,
    ) -> Result<Exchanged, SqlError> {
        let (from, part, to) = (table.to_string(), partition.to_owned(), name.to_string());
        let said = (
            "exchanging the partition",
            format!("exchange {part} of {from} with {to}"),
        );
        self.change(said, move |store, _| exchanged(store, &from, &part, &to))
            .await
    }
}

impl Connected {
    async fn rows(&mut self, table: &Name, partition: &str) -> Result<u64, SqlError> {
        let (name, part) = (table.to_string(), partition.to_owned());
        self.read("counting rows", move |store| {
            let table = store.tables.get(&name).ok_or_else(missing)?;
            Ok(table.of_part(&part).len() as u64)
        })
        .await
    }
}

fn scheme(table: &Table) -> Scheme {
    let part = |part: &Part| Partition {
        name: part.name.clone(),
        below: Some(part.below),
        rows: table.of_part(&part.name).len() as u64,
    };
    Scheme {
        spelled: "RANGE COLUMNS (`at`)".into(),
        bounds: Some(Bounds::DateTime),
        column: "at".into(),
        subpartitioned: false,
        partitions: table.parts.iter().map(part).collect(),
    }
}

fn refused(code: u16) -> SqlError {
    SqlError::Refused {
        what: "changing partitions".into(),
        code,
        state: "HY000".into(),
    }
}

fn dropped(store: &mut Store, name: &str, part: &str) -> Result<(), SqlError> {
    let table = store.tables.get_mut(name).ok_or_else(missing)?;
    // Error 1507: there is no such partition; 1508: the last one stays.
    if !table.parts.iter().any(|it| it.name == part) {
        return Err(refused(1507));
    }
    if table.parts.len() == 1 {
        return Err(refused(1508));
    }
    for id in table.of_part(part) {
        table.rows.remove(&id);
        table.gone += 1;
    }
    table.parts.retain(|it| it.name != part);
    Ok(())
}

fn exchanged(store: &mut Store, from: &str, part: &str, to: &str) -> Result<Exchanged, SqlError> {
    let there = store.tables.get(to).ok_or_else(missing)?.rows.len();
    if there > 0 {
        return Ok(Exchanged::NotEmpty(there as u64));
    }
    let table = store.tables.get_mut(from).ok_or_else(missing)?;
    if !table.parts.iter().any(|it| it.name == part) {
        return Err(refused(1507));
    }
    let ids = table.of_part(part);
    let rows = ids
        .iter()
        .filter_map(|id| Some((*id, table.rows.remove(id)?)));
    let rows: Vec<_> = rows.collect();
    table.gone += rows.len() as u64;
    store.table_mut(to).rows.extend(rows);
    Ok(Exchanged::Moved(ids.len() as u64))
}

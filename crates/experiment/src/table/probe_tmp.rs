#[cfg(test)]
mod tests {
    use crate::table::*;
    #[test]
    fn probe() {
        let layout = Layout(vec![("a".to_owned(), ColumnKind::Int)]);
        let mut e = Engine::default();
        e.register("none", empty_frame(&layout).unwrap());
        let f = e.run("SELECT 1 AS k, CAST(3 AS BIGINT) AS kv, 1.5 AS x, 'a' AS w UNION ALL SELECT 2 AS k, -7 AS kv, 2.5 AS x, 'B' AS w UNION ALL SELECT 3 AS k, 1024 AS kv, 0.0 AS x, 'c' AS w UNION ALL SELECT 4 AS k, NULL AS kv, NULL AS x, NULL AS w").unwrap();
        e.register("t", f);
        for line in std::fs::read_to_string("/tmp/probe.sql").unwrap().lines() {
            let out = e.run(line).and_then(|f| to_table(&f));
            match out {
                Ok(t) => {
                    let rows: Vec<String> = (0..t.rows())
                        .map(|r| {
                            t.columns()
                                .iter()
                                .map(|c| format!("{:?}", c.values.at(r)))
                                .collect::<Vec<_>>()
                                .join(",")
                        })
                        .collect();
                    println!("{line}\n   = {}", rows.join(" | "));
                }
                Err(p) => println!("{line}\n   ! {p}"),
            }
        }
    }
}

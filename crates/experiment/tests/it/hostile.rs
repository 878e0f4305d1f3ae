//! Files that nobody would write by accident: each ends in one clear error, soon, without a panic.

use std::fmt::Write;

use insta::assert_snapshot;

use crate::test_project::{HYPOTHESIS, TestProject, file_text};

fn with_file(bytes: impl AsRef<[u8]>) -> TestProject {
    TestProject::new().with_own("hypothesis.yaml", bytes)
}

/// The first line of an error, which is its message.
#[track_caller]
fn message(bytes: impl AsRef<[u8]>) -> String {
    first_line(&with_file(bytes).load_error())
}

fn first_line(error: &str) -> String {
    error.lines().next().unwrap_or_default().to_owned()
}

/// The message of a hypothesis in which a part was replaced.
#[track_caller]
fn edited(from: &str, to: &str) -> String {
    first_line(&TestProject::new().edit(from, to).load_error())
}

#[track_caller]
fn sql_message(sql: &str) -> String {
    edited(
        "sql: SELECT kv, requests, step_us, step_us_exact FROM steps",
        &format!("sql: >\n      {sql}"),
    )
}

#[test]
fn nesting_is_bounded() {
    const DEEP: usize = 100_000;
    let nested = |open: &str, close: &str| format!("{}{}\n", open.repeat(DEEP), close.repeat(DEEP));
    assert_eq!(message(nested("[", "]")), "error: recursion limit exceeded");
    assert_eq!(
        message(nested("{a: ", "}")),
        "error: recursion limit exceeded"
    );
    assert_eq!(
        message(nested("- ", "")),
        "error: a mapping of keys to values is expected here"
    );
    let title = format!("title: {}", nested("[", "]"));
    assert_eq!(
        message(HYPOTHESIS.replace("title: A longer cache takes longer\n", &title)),
        "error: text is expected here"
    );
    let mut blocks = "vary:\n".to_owned();
    for depth in 1..200 {
        writeln!(blocks, "{}a:", " ".repeat(depth)).unwrap();
    }
    assert_eq!(message(&blocks), "error: unknown key `vary`");
    let axis = format!("kv: {}", nested("[", "]").trim_end());
    assert_eq!(
        edited("kv: [64, 128]", &axis),
        "error: recursion limit exceeded"
    );
}

#[test]
fn aliases_do_not_explode() {
    // A billion values from thirty lines: where a list of numbers is expected, each level holds the one below ten times.
    let mut bomb = "{cases: {a: {l0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]".to_owned();
    for level in 1..30 {
        let below = format!("*a{}, ", level - 1).repeat(10);
        write!(bomb, ", l{level}: &a{level} [{below}]").unwrap();
    }
    bomb.push_str("}}}");
    assert_eq!(
        edited("kv: [64, 128]", &format!("kv: {bomb}")),
        "error: text is expected here"
    );
    // The same list ten thousand times is ten million numbers.
    let list = format!("&l [{}]", "128, ".repeat(1000));
    let cases = (0..10_000)
        .map(|case| format!(", c{case}: {{lens: *l}}"))
        .collect::<Vec<_>>()
        .concat();
    let axis = format!("kv: {{cases: {{c: {{lens: {list}}}{cases}}}}}");
    assert_snapshot!(edited("kv: [64, 128]", &axis), @"error: the file has more than 200000 keys and values");
    assert_eq!(message("id: &x [*x]\n"), "error: text is expected here");
    assert_snapshot!(edited("kv: [64, 128]", "kv: &x [*x]"), @"error: recursive references require weak recursion types");
    assert_snapshot!(edited("kv: [64, 128]", "kv: *nothing"), @"error: alias references unknown anchor");
}

#[test]
fn aliases_and_merge_keys_do_what_they_say() {
    let merged = "      kv: &k {label: KV length}\n      requests: {<<: *k, digits: 1}";
    let project = TestProject::new().edit("      kv: {label: KV length}", merged);
    let findings = file_text(&project.run(), "FINDINGS.md");
    assert!(
        findings.contains("| KV length | KV length | step (us) |"),
        "{findings}"
    );
}

#[test]
fn sizes_are_bounded() {
    let error = with_file(vec![b'#'; 20 << 20]).load_error();
    assert_eq!(
        error,
        "cannot read `hypotheses/H1-longer-cache/hypothesis.yaml`: it has 20971520 bytes, and at most 16777216 are read"
    );
    let values = "1, ".repeat(300_000);
    assert_eq!(
        edited("kv: [64, 128]", &format!("kv: [{values}]")),
        "error: the file has more than 200000 keys and values"
    );
    let long = "x".repeat(1 << 20);
    let error = edited("kv: kv,", &format!("kv: {long},"));
    assert!(
        error.starts_with("error: run `steps` has no axis `xxx"),
        "{}",
        &error[..100]
    );
    let project = TestProject::new().with_own("narrative.md.tera", vec![b'x'; 17 << 20]);
    assert_eq!(
        project.load_error(),
        "cannot read `hypotheses/H1-longer-cache/narrative.md.tera`: it has 17825792 bytes, and at most 16777216 are read"
    );
}

#[test]
fn what_is_no_text_is_refused() {
    assert_snapshot!(with_file("id: H1\0\n").load_error(), @r"
    error: unexpected character: `\u{0}'
     --> hypotheses/H1-longer-cache/hypothesis.yaml:1:7
      |
    1 | id: H1␀
      |       ^
    ");
    assert_snapshot!(with_file(b"id: \xff\xfe\n").load_error(), @"cannot read `hypotheses/H1-longer-cache/hypothesis.yaml`: byte 4 is not UTF-8");
    assert_snapshot!(with_file(b"\xff\xfei\0d\0").load_error(), @"cannot read `hypotheses/H1-longer-cache/hypothesis.yaml`: byte 0 is not UTF-8");
    let project = TestProject::new().with_own("narrative.md.tera", b"\x80");
    assert_snapshot!(project.load_error(), @"cannot read `hypotheses/H1-longer-cache/narrative.md.tera`: byte 0 is not UTF-8");
}

#[test]
fn what_is_no_hypothesis_is_refused() {
    assert_snapshot!(with_file("").load_error(), @"
    error: the file holds no hypothesis
    --> hypotheses/H1-longer-cache/hypothesis.yaml
    ");
    assert_snapshot!(with_file("# only a comment\n").load_error(), @"
    error: the file holds no hypothesis
    --> hypotheses/H1-longer-cache/hypothesis.yaml
    ");
    assert_snapshot!(with_file("null\n").load_error(), @"
    error: the key `id` is missing in this mapping
    --> hypotheses/H1-longer-cache/hypothesis.yaml
     = help: `rooflab schema keys` lists the keys with what they take; with the schema an editor completes them
    ");
    assert_snapshot!(with_file("hello\n").load_error(), @"
    error: a mapping of keys to values is expected here
     --> hypotheses/H1-longer-cache/hypothesis.yaml:1:1
      |
    1 | hello
      | ^^^^^
      |
      = help: a mapping is written {key: value}, or one key a line, indented by two blanks
    ");
    assert_snapshot!(with_file("- a\n").load_error(), @"
    error: a mapping of keys to values is expected here
     --> hypotheses/H1-longer-cache/hypothesis.yaml:1:1
      |
    1 | - a
      | ^
      |
      = help: a mapping is written {key: value}, or one key a line, indented by two blanks
    ");
    assert_snapshot!(with_file(format!("{HYPOTHESIS}---\nid: H2\n")).load_error(), @"
    error: the file has more than one YAML document, and a hypothesis is one
      --> hypotheses/H1-longer-cache/hypothesis.yaml:31:1
       |
    31 | id: H2
       | ^^
    ");
    assert_snapshot!(with_file("id:\tH1\n\ttitle: x\n").load_error(), @"
    error: while scanning a plain scalar, found a tab
     --> hypotheses/H1-longer-cache/hypothesis.yaml:1:5
      |
    1 | id:    H1
      |        ^^
      |
      = help: indent with blanks: YAML takes no tabs
    ");
    assert_snapshot!(with_file("id: H1\n  title: x\n").load_error(), @"
    error: mapping values are not allowed in this context
     --> hypotheses/H1-longer-cache/hypothesis.yaml:2:8
      |
    2 |   title: x
      |        ^
      |
      = help: text with `: ` in it needs quotes; where it is a key, it or the key above begins in the wrong column or has no blank behind its `:`, or a bracket or a quote above is still open
    ");
    assert_snapshot!(with_file("id: 'H1\n").load_error(), @"
    error: invalid indentation in multiline quoted scalar
    --> hypotheses/H1-longer-cache/hypothesis.yaml
     = help: a quote above is still open, or the text behind it is not indented
    ");
    assert_snapshot!(with_file("id: @H1\n").load_error(), @"
    error: unexpected character: `@'
     --> hypotheses/H1-longer-cache/hypothesis.yaml:1:5
      |
    1 | id: @H1
      |     ^^^
      |
      = help: text that begins with a sign, as in `%`, needs quotes
    ");
}

#[test]
fn a_folder_in_place_of_a_file_is_refused() {
    let project = TestProject::new();
    let file = project.own_folder().join("hypothesis.yaml");
    std::fs::remove_file(&file).unwrap();
    std::fs::create_dir(&file).unwrap();
    assert_eq!(
        project.load().unwrap_err().to_string(),
        "hypothesis `H1` not found (known hypotheses: none)"
    );
    let project = TestProject::new();
    std::fs::create_dir(project.own_folder().join("narrative.md.tera")).unwrap();
    assert_eq!(
        project.load_error(),
        "cannot read `hypotheses/H1-longer-cache/narrative.md.tera`: it is not a file"
    );
    let project = TestProject::new().append("published: {verdict: confirmed, source: A page., tables: {times: {key: [kv, requests]}}}\n");
    std::fs::create_dir_all(project.own_folder().join("published/times.csv")).unwrap();
    assert_eq!(
        first_line(&project.load_error()),
        "error: the published values of `times` cannot be read: it is not a file"
    );
}

#[cfg(unix)]
#[test]
fn what_never_ends_is_not_read() {
    let project = TestProject::new();
    let narrative = project.own_folder().join("narrative.md.tera");
    std::os::unix::fs::symlink("/dev/zero", narrative).unwrap();
    assert_eq!(
        project.load_error(),
        "cannot read `hypotheses/H1-longer-cache/narrative.md.tera`: it is not a file"
    );
}

#[test]
fn line_ends_and_byte_order_marks_are_taken() {
    for text in [
        HYPOTHESIS.replace('\n', "\r\n"),
        HYPOTHESIS.replace('\n', "\r"),
        format!("\u{feff}{HYPOTHESIS}"),
        format!("---\n{HYPOTHESIS}...\n"),
        HYPOTHESIS.trim_end().to_owned(),
    ] {
        with_file(text).run();
    }
}

#[test]
fn tags_and_names_of_files_are_words() {
    for title in [
        "!include /etc/hostname",
        "!!python/object:os.system x",
        "${HOME}",
        "$(id)",
    ] {
        let text = HYPOTHESIS.replace(
            "title: A longer cache takes longer",
            &format!("title: {title}"),
        );
        let outcome = with_file(text).run();
        let word = title.split(' ').next_back().unwrap();
        assert_eq!(outcome.title, word);
    }
}

#[test]
fn numbers_have_bounds() {
    let axis = |values: &str| edited("kv: [64, 128]", &format!("kv: {values}"));
    let not_a_count = |shown: &str| {
        format!(
            "error: axis `kv` has {shown}, and a whole number from 0 to 4294967295 is needed here"
        )
    };
    assert_eq!(axis("[.nan]"), "error: `.nan` is no finite number");
    assert_eq!(axis("[-.inf]"), "error: `-.inf` is no finite number");
    assert_eq!(axis("[1e999]"), "error: `1e999` is no finite number");
    assert_eq!(
        axis("{range: [.nan, 1]}"),
        "error: `.nan` is no finite number"
    );
    assert_eq!(
        axis("[9223372036854775808]"),
        "error: 9223372036854775808 is too large"
    );
    assert_eq!(
        axis("[-9223372036854775809]"),
        not_a_count("the value `-9.223372036854776e18`")
    );
    assert_eq!(
        axis("[99999999999999999999999999999999999999999999]"),
        not_a_count("the value `1e44`")
    );
    assert_eq!(axis("[yes, no]"), not_a_count("the text `yes`"));
    assert_eq!(axis("[true, false]"), not_a_count("the value `true`"));
    assert_eq!(axis("['64']"), not_a_count("the text `64`"));
    assert_eq!(axis("[64.0]"), not_a_count("the value `64.0`"));
    assert_eq!(axis("[010]"), not_a_count("the value `10.0`"));
    assert_eq!(
        axis("[~]"),
        "error: a number, a word or the name of an axis is expected here, not nothing"
    );
    let too_many = "error: axis `kv` of run `steps`: the range has more than 2000000 values";
    let nowhere = "error: axis `kv` of run `steps`: a range is [from, to] or [from, to, step] with numbers, a step that is not 0 and leads from the first to the last";
    assert_eq!(axis("{range: [1, 0]}"), nowhere);
    assert_eq!(axis("{range: [0, 1e308]}"), too_many);
    assert_eq!(axis("{range: [-1e308, 1e308, 1e292]}"), too_many);
    assert_eq!(axis("{range: [0, 1, 1e-320]}"), too_many);
    assert_eq!(axis("{range: [0, 1, 0]}"), nowhere);
    assert_eq!(
        axis("{range: [-9223372036854775808, 9223372036854775807]}"),
        too_many
    );
    assert_eq!(
        axis("{range: [0, 9223372036854775807, 9223372036854775807]}"),
        not_a_count("the value `9223372036854775807`")
    );
    for cells in ["99999999999999999999", "-1", "1.5", "many"] {
        assert_eq!(
            edited("setup:\n", &format!("max_cells: {cells}\nsetup:\n")),
            "error: a whole number is expected here"
        );
    }
}

#[test]
fn sql_is_bounded() {
    let nested =
        |open: &str, close: &str| format!("{}kv{}", open.repeat(50_000), close.repeat(50_000));
    let select = |what: &str| sql_message(&format!("SELECT {what} AS x FROM steps"));
    assert_snapshot!(select(&nested("(", ")")), @"error: table `times`: SQL has 100006 words and signs, over the limit of 5000");
    assert_snapshot!(select(&nested("- ", "")), @"error: table `times`: SQL has 50006 words and signs, over the limit of 5000");
    assert_snapshot!(select(&nested("ABS(", ")")), @"error: table `times`: SQL has 150006 words and signs, over the limit of 5000");
    assert_snapshot!(select(&vec!["kv"; 1000].join(" + ")), @"error: table `times`: SQL nests expressions more than 100 deep: a chain of operators counts each");
    assert_snapshot!(select(&vec!["regime"; 1000].join(" || ")), @"error: table `times`: SQL nests expressions more than 100 deep: a chain of operators counts each");
    assert_snapshot!(select(&vec!["kv"; 100_000].join(" + ")), @"error: table `times`: SQL has 200004 words and signs, over the limit of 5000");
    let select_where = |what: String| sql_message(&format!("SELECT kv FROM steps WHERE {what}"));
    assert_snapshot!(select_where(vec!["kv = 1"; 1000].join(" OR ")), @"error: table `times`: SQL nests expressions more than 100 deep: a chain of operators counts each");
    assert_snapshot!(
        select_where(format!("{} kv = 1", "NOT ".repeat(30_000))), @"error: table `times`: SQL has 30008 words and signs, over the limit of 5000");
    let union = vec!["SELECT kv, requests FROM steps"; 1000].join(" UNION ALL ");
    assert_snapshot!(sql_message(&format!("{union} ORDER BY kv")), @"error: table `times`: SQL has 8001 words and signs, over the limit of 5000");
    let joins = (0..1000)
        .map(|index| format!(" JOIN steps s{index} USING (kv)"))
        .collect::<Vec<_>>()
        .concat();
    assert_snapshot!(
        sql_message(&format!("SELECT kv FROM steps{joins} ORDER BY kv")), @"error: table `times`: SQL has 7007 words and signs, over the limit of 5000");
    let deep = format!(
        "SELECT * FROM {}steps{}",
        "(SELECT * FROM ".repeat(10_000),
        ")".repeat(10_000)
    );
    assert_snapshot!(sql_message(&deep), @"error: table `times`: SQL has 50004 words and signs, over the limit of 5000");
    let chain = (1..500)
        .map(|index| format!(", t{index} AS (SELECT * FROM t{})", index - 1))
        .collect::<Vec<_>>()
        .concat();
    assert_snapshot!(
        sql_message(&format!(
            "WITH t0 AS (SELECT * FROM steps){chain} SELECT * FROM t499"
        )), @"error: table `times`: SQL has more than 64 parts: each SELECT and each JOIN is one");
    assert_snapshot!(
        select("CASE WHEN regime ~ '(a*)*(b*)*c{1000}{1000}' THEN 1 END"), @"error: table `times`: SQL does not run: regex error: Compiled regex exceeds size limit of 10485760 bytes.");
    assert_snapshot!(select_where("regime = 'a\0b' AND".to_owned()), @r"error: unexpected character: `\u{0}'");
}

#[test]
fn long_sql_within_bounds_runs() {
    for chain in [
        format!(
            "SELECT kv, requests, step_us, {} AS step_us_exact FROM steps",
            vec!["kv"; 90].join(" + ")
        ),
        format!(
            "SELECT kv, requests, step_us, step_us_exact FROM steps WHERE kv > 0 AND ({})",
            vec!["requests > 0"; 90].join(" OR ")
        ),
        format!(
            "SELECT kv, requests, step_us, step_us_exact FROM steps WHERE kv IN (64, {})",
            "128, ".repeat(1000)
        ),
        format!(
            "SELECT kv, requests, step_us, CASE {} ELSE 2 END AS step_us_exact FROM steps",
            "WHEN kv = 64 THEN 1 ".repeat(90)
        ),
    ] {
        let project = TestProject::new().edit(
            "sql: SELECT kv, requests, step_us, step_us_exact FROM steps",
            &format!("sql: >\n      {chain}"),
        );
        // A rayon worker has a small stack.
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(1)
            .build()
            .unwrap();
        pool.install(|| project.run());
    }
}

#[test]
fn published_files_are_hostile_too() {
    let published = |bytes: &[u8]| {
        TestProject::new()
            .append("published: {verdict: confirmed, source: A page., tables: {times: {key: [kv, requests]}}}\n")
            .with_own("published/times.csv", bytes)
    };
    let refused = |bytes: &[u8]| first_line(&published(bytes).load_error());
    assert_eq!(
        refused(b"kv,requests,step_us\n64,1\n"),
        "error: the row has 2 values, and the header has 3"
    );
    assert_eq!(
        refused(b"kv,requests,step_us\n64,1,\xff\n"),
        "error: the published values of `times` cannot be read: byte 25 is not UTF-8"
    );
    assert_snapshot!(refused(b"kv,requests,step_us\n64,1,4\x003\n"), @"error: `4␀3` in column `step_us` is not a plain decimal number");
    assert_snapshot!(refused(b"\n\n\n"), @"error: key `kv` is not a column of hypotheses/H1-longer-cache/published/times.csv");
    assert_snapshot!(refused(b"kv;requests;step_us\n64;1;43\n"), @"error: key `kv` is not a column of hypotheses/H1-longer-cache/published/times.csv");
    assert_snapshot!(
        refused("kv,requests,step_us\n64,1,\u{664}\u{663}\n".as_bytes()), @"error: `٤٣` in column `step_us` is not a plain decimal number");
    let long = format!("kv,requests,step_us\n64,1,{}\n", "9".repeat(400));
    assert_snapshot!(refused(long.as_bytes()), @"error: `9999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999` in column `step_us` is not a plain decimal number");
    for bytes in [
        "\u{feff}kv,requests,step_us\n64,1,43\n",
        "kv,requests,step_us\r\n64,1,43\r\n",
        "kv, requests, step_us\n 64, 1, 43\n\n",
        "\"kv\",\"requests\",\"step_us\"\n\"64\",\"1\",\"43\"",
    ] {
        assert_eq!(
            published(bytes.as_bytes())
                .run()
                .comparison
                .reproduction
                .equal,
            1,
            "{bytes:?}"
        );
    }
}

#[test]
fn templates_end() {
    let narrative = |text: &str| TestProject::new().with_own("narrative.md.tera", text);
    let refused = |text: &str| first_line(&narrative(text).load_error());
    let fails = |text: &str| first_line(&narrative(text).run_error());
    let own = "hypotheses/H1-longer-cache/narrative.md.tera";
    assert_snapshot!(
        fails("{% for i in range(end=1000000000000) %}x{% endfor %}"), @"error: the loops of this template take more than 100000 turns");
    assert_snapshot!(refused(&format!("{{% include \"{own}\" %}}")), @r#"error: circular include detected for template 'hypotheses/H1-longer-cache/narrative.md.tera'. Include chain: `["hypotheses/H1-longer-cache/narrative.md.tera", "hypotheses/H1-longer-cache/narrative.md.tera"]`"#);
    assert_snapshot!(refused(&format!("{{% extends \"{own}\" %}}")), @r#"error: circular extend detected for template 'hypotheses/H1-longer-cache/narrative.md.tera'. Inheritance chain: `["hypotheses/H1-longer-cache/narrative.md.tera"]`"#);
    assert_snapshot!(
        refused("{% component a() %}{{ <a/> }}{% endcomponent %}{{ <a/> }}"), @"error: tag `component` has no place in findings (tags: if, elif, else, endif, for, endfor, break, continue, set, set_global, raw, endraw)");
    assert_snapshot!(
        refused(&format!(
            "{{{{ {}1{} }}}}",
            "(".repeat(20_000),
            ")".repeat(20_000)
        )), @"error: the expression is too complex");
    assert_snapshot!(
        refused(&format!(
            "{}{}",
            "{% if 1 %}".repeat(20_000),
            "{% endif %}".repeat(20_000)
        )), @"error: the template nesting is too deep");
    assert_snapshot!(
        refused(&format!("{{{{ {} }}}}", vec!["1"; 20_000].join(" + "))), @"error: the expression is too complex");
    assert_snapshot!(refused("{{ now() }} {{ get_env(name=\"HOME\") }}"), @"error: unknown function `now`");
    assert_snapshot!(fails("{{ throw(message=\"boom\") }}"), @"error: boom");
    assert_snapshot!(fails("{{ 1 / 0 }}"), @"error: cannot divide by 0");
    assert_snapshot!(fails("{{ hypothesis }}{{ hypothesis.id.deeper }}"), @"error: field `deeper` is not defined");
}

/// What reading or running ends with.
#[track_caller]
fn ends_with(project: &TestProject) -> String {
    match project.load() {
        Ok(_) => project.run_error(),
        Err(error) => error.to_string(),
    }
}

#[track_caller]
fn narrative_message(text: &str) -> String {
    ends_with(&TestProject::new().with_own("narrative.md.tera", text))
}

#[test]
fn templates_that_loop_or_grow_end_soon() {
    let doubled = |set: &str| format!("{{% set s = 'x' %}}{}", set.repeat(40));
    let range = "{% set r = range(end=1000) %}";
    let in_turn = "{% for i in r %}".repeat(4) + &"{% endfor %}".repeat(4);
    for (text, message) in [
        (
            "{% for i in range(end=100000) %}{% for j in range(end=100000) %}{% endfor %}{% endfor %}".to_owned(),
            "the loops of this template take more than 100000 turns",
        ),
        (
            format!("{range}{in_turn}"),
            "the loops of this template take more than 100000 turns",
        ),
        (
            "{{ range(end=100000000000) | length }}".to_owned(),
            "the loops of this template take more than 100000 turns",
        ),
        (
            doubled("{% set s = s ~ s %}"),
            "a value of more than 1048576 letters or parts",
        ),
        (
            doubled("{% set s = [s, s] %}"),
            "a value of more than 1048576 letters or parts",
        ),
        (
            doubled("{%- set s = s | replace(from='x', to='xx') -%}"),
            "a value of more than 1048576 letters or parts",
        ),
        (
            doubled("{% set s %}{{ s }}{{ s }}{% endset %}"),
            "a variable has its value in the tag, as in {% set x = 1 %}",
        ),
        (
            format!("{range}{{{{ [[y for y in r] for x in r] | length }}}}"),
            "`for` inside of an expression has no place in findings: it makes lists of any length",
        ),
        (
            doubled("{% set s = [...s, ...s] %}"),
            "`...` inside of an expression has no place in findings: it makes lists of any length",
        ),
        (
            format!("{range}{{% for i in r %}}{{% for j in range(end=90) %}}{}{{% endfor %}}{{% endfor %}}", "x".repeat(1000)),
            "this template makes more than 16777216 bytes of text",
        ),
        (
            "{% filter upper %}x{% endfilter %}".to_owned(),
            "tag `filter` has no place in findings (tags: if, elif, else, endif, for, endfor, break, continue, set, set_global, raw, endraw)",
        ),
    ] {
        let said = narrative_message(&text);
        assert!(said.contains(message), "{text}: {said}");
        assert!(said.contains("narrative.md.tera"), "{said}");
    }
}

#[test]
fn what_is_counted_leaves_a_text_as_it_is() {
    let text = "a {%- for i in [1, 2] -%}\n <{{ i }}>{%- set x = '%}' ~ i -%} {{ x }}\n{% endfor %}{# {% for #}{% raw %}{% for x in y %}{% endraw %} z";
    let outcome = TestProject::new().with_own("narrative.md.tera", text).run();
    let findings = file_text(&outcome, "FINDINGS.md");
    assert!(
        findings.contains("a<1>%}1\n<2>%}2\n{% for x in y %} z\n"),
        "{findings}"
    );
}

#[test]
fn an_error_behind_a_loop_has_its_own_place() {
    let said = narrative_message("{% for i in [1] %}é{% set y = 2 %}\n  {{ bogus }}{% endfor %}");
    assert!(said.contains("narrative.md.tera:2:6"), "{said}");
}

#[test]
fn queries_that_explode_do_not_run() {
    let nested = |times: usize| {
        let text = "a".repeat(20);
        (0..times).fold(format!("'{text}'"), |inner, _| {
            format!("REPLACE({inner}, 'a', '{text}')")
        })
    };
    let joined = |table: &str, alias: &str| {
        let others = (1..24).map(|at| format!(" JOIN {table} t{at} ON t0.{alias} = t{at}.{alias}"));
        format!("FROM {table} t0{}", others.collect::<String>())
    };
    let crossed: Vec<String> = (1..12)
        .map(|at| format!(" CROSS JOIN steps b{at}"))
        .collect();
    let crossed = crossed.concat();
    for (sql, message) in [
        (
            format!("SELECT COUNT(*) AS kv FROM steps a{crossed}"),
            "the query may join to ",
        ),
        (
            format!("SELECT COUNT(*) AS kv {}", joined("steps", "kv")),
            "the query may join to ",
        ),
        (
            format!(
                "WITH w AS (SELECT kv, 1 AS k FROM steps) SELECT COUNT(*) AS kv {}",
                joined("w", "k")
            ),
            "the query may join to ",
        ),
        (
            format!("SELECT {} AS kv FROM steps", nested(6)),
            "the query may make ",
        ),
    ] {
        let project = TestProject::new().edit(
            "sql: SELECT kv, requests, step_us, step_us_exact FROM steps",
            &format!("sql: >\n      {sql}"),
        );
        let said = ends_with(&project.edit(
            "MIN(step_us) >= 1 AS holds, MIN(step_us) AS observed",
            "COUNT(*) > 0 AS holds, COUNT(*) AS observed",
        ));
        assert!(
            said.contains("table `times`") && said.contains(message),
            "{sql}: {said}"
        );
    }
}

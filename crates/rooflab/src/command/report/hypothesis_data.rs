//! Outcomes as data of a site.

use anyhow::Context;
use experiment::{
    Agreement, Audit, AuditRow, FINDINGS_FILE, Hypothesis, Lock, LockState, Outcome, Section,
    Verdict,
};
use site::{
    AuditDefect, AuditEntry, Badge, CriteriaLock, HypothesisFile, LockRecord, LockedSection, Tone,
};

/// The audit.
pub(super) fn audit_data(audit: &Audit) -> site::Audit {
    site::Audit {
        totals: audit.totals(),
        entries: audit.rows.iter().map(entry).collect(),
    }
}

fn entry(row: &AuditRow) -> AuditEntry {
    let tone = match row.agreement {
        Agreement::Agrees => Tone::Good,
        Agreement::Differs => Tone::Bad,
        Agreement::Undecided | Agreement::First => Tone::Neutral,
    };
    let defects = row.defects.iter().map(|defect| AuditDefect {
        id: defect.id.clone(),
        what: defect.what.clone(),
    });
    AuditEntry {
        id: row.id.clone(),
        title: row.heading(),
        folder: row.folder.clone(),
        family: row.family.name().to_owned(),
        verdict: verdict(row.verdict),
        published_verdict: published(row.published_verdict, row.published_status.as_ref()),
        agreement: Badge::new(row.agreement.name(), tone),
        values: row.reproduction.to_string(),
        why: row.why.clone(),
        defects: defects.collect(),
    }
}

/// A hypothesis with its findings and files.
pub(super) fn hypothesis_data(
    hypothesis: &Hypothesis,
    outcome: &Outcome,
) -> anyhow::Result<site::Hypothesis> {
    let mut findings = String::new();
    let mut files = Vec::with_capacity(outcome.files.len());
    for file in &outcome.files {
        let name = || format!("{}: {}", outcome.folder, file.path.display());
        let text = file.path.to_str();
        let path = text.with_context(|| format!("{}: a path that is not UTF-8", name()))?;
        if path == FINDINGS_FILE {
            let text = str::from_utf8(&file.bytes);
            text.with_context(name)?.clone_into(&mut findings);
        }
        files.push(HypothesisFile {
            path: path.replace(std::path::MAIN_SEPARATOR, "/"),
            bytes: file.bytes.clone(),
        });
    }
    Ok(site::Hypothesis {
        id: outcome.id.clone(),
        title: outcome.verdict.titled(&outcome.title),
        folder: outcome.folder.clone(),
        family: outcome.family.name().to_owned(),
        kind: outcome.kind.name().to_owned(),
        date: outcome.date.clone(),
        verdict: verdict(outcome.verdict),
        published_verdict: published(outcome.published_verdict, outcome.published_status.as_ref()),
        values: outcome.comparison.reproduction.to_string(),
        lock: lock(hypothesis),
        findings,
        files,
    })
}

/// A published verdict in the words of the publication, where they are others.
fn published(published: Option<Verdict>, status: Option<&String>) -> Option<Badge> {
    let mut badge = verdict(published?);
    if let Some(status) = status {
        badge.text.clone_from(status);
    }
    Some(badge)
}

fn verdict(verdict: Verdict) -> Badge {
    let tone = match verdict {
        Verdict::Confirmed => Tone::Good,
        Verdict::PartiallyConfirmed => Tone::Mixed,
        Verdict::Refuted => Tone::Bad,
        Verdict::Inconclusive => Tone::Neutral,
    };
    Badge::new(verdict.name(), tone)
}

/// The lock as the hypothesis has it now.
fn lock(hypothesis: &Hypothesis) -> CriteriaLock {
    let (state, tone, record) = match &hypothesis.lock_state() {
        LockState::Unlocked => ("not locked", Tone::Neutral, LockRecord::Never),
        LockState::Unchanged(last) => ("locked", Tone::Good, record(last, &[])),
        LockState::Changed(last, changed) => (
            "changed since the lock",
            Tone::Bad,
            record(last, &changed.sections),
        ),
        LockState::Lost(hash) => {
            let sha256 = hash.to_string();
            ("a lock is missing", Tone::Bad, LockRecord::Lost { sha256 })
        }
    };
    CriteriaLock {
        state: Badge::new(state, tone),
        record,
    }
}

fn record(last: &Lock, changed: &[Section]) -> LockRecord {
    let sections = last
        .criteria
        .sections()
        .map(|(section, hash)| LockedSection {
            name: section.name().to_owned(),
            sha256: hash.to_string(),
            changed: changed.contains(&section),
        });
    LockRecord::Last {
        date: last.date.clone(),
        because: last.because.clone(),
        sections: sections.collect(),
    }
}

package org.openlockbox.postgres.fence;

import org.openlockbox.core.canonical.TextRules;

/// One difference between the database and what the catalogue promises: what it is about, one plain
/// sentence, and what to do.
///
/// `kind` is a stable word for scripts, such as `view-changed`. Names of the database stand in the
/// rest: what cannot be seen in them is shown as `\\u....`.
public record Deviation(Weight weight, String kind, String subject, String sentence, String fix) {

  public Deviation {
    subject = TextRules.shown(subject);
    sentence = TextRules.shown(sentence);
    fix = TextRules.shown(fix);
  }

  /// What a deviation means for sessions.
  public enum Weight {
    /// The fence does not hold: no session opens while it stands, and open ones end.
    BREAKS,
    /// No session opens while it stands; open ones cannot reach what it is about.
    REFUSES,
    /// Sessions open; whoever reads the check should decide.
    WARNING,
    /// Good to know.
    NOTE
  }

  static Deviation breaks(String kind, String subject, String sentence, String fix) {
    return new Deviation(Weight.BREAKS, kind, subject, sentence, fix);
  }

  static Deviation refuses(String kind, String subject, String sentence, String fix) {
    return new Deviation(Weight.REFUSES, kind, subject, sentence, fix);
  }

  public static Deviation warning(String kind, String subject, String sentence, String fix) {
    return new Deviation(Weight.WARNING, kind, subject, sentence, fix);
  }

  static Deviation note(String kind, String subject, String sentence, String fix) {
    return new Deviation(Weight.NOTE, kind, subject, sentence, fix);
  }

  /// The lines that `lockbox resource check` prints.
  public String text() {
    String mark =
        switch (weight) {
          case BREAKS, REFUSES -> "DEVIATION";
          case WARNING -> "warning";
          case NOTE -> "note";
        };
    String next = fix.isEmpty() ? "" : "      fix: " + fix + "\n";
    return "  " + mark + " [" + kind + "] " + sentence + "\n" + next;
  }

  public boolean refusesSessions() {
    return weight == Weight.BREAKS || weight == Weight.REFUSES;
  }

  boolean endsSessions() {
    return weight == Weight.BREAKS;
  }

  @Override
  public String toString() {
    return sentence + (fix.isEmpty() ? "" : " Fix: " + fix);
  }
}

package org.openlockbox.gateway.fence;

/// One difference between the database and what the catalogue promises: what it is about, one plain
/// sentence, and what to do.
///
/// `kind` is a stable word for scripts, such as `view-changed`.
public record Deviation(Weight weight, String kind, String subject, String sentence, String fix) {

  /// What a deviation means for sessions.
  public enum Weight {
    /// No session opens while it stands.
    REFUSES,
    /// Sessions open; whoever reads the check should decide.
    WARNING,
    /// Good to know.
    NOTE
  }

  static Deviation refuses(String kind, String subject, String sentence, String fix) {
    return new Deviation(Weight.REFUSES, kind, subject, sentence, fix);
  }

  static Deviation warning(String kind, String subject, String sentence, String fix) {
    return new Deviation(Weight.WARNING, kind, subject, sentence, fix);
  }

  static Deviation note(String kind, String subject, String sentence, String fix) {
    return new Deviation(Weight.NOTE, kind, subject, sentence, fix);
  }

  public boolean refusesSessions() {
    return weight == Weight.REFUSES;
  }

  @Override
  public String toString() {
    return sentence + (fix.isEmpty() ? "" : " Fix: " + fix);
  }
}

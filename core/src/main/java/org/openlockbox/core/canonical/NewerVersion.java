package org.openlockbox.core.canonical;

/// A document of a version that this release does not know (docs/spec/evolution.md). Nothing can be
/// said about it: it is not believed, and it is not false. Whoever decides something refuses;
/// whoever reports says that a newer release is needed.
public final class NewerVersion extends MalformedJson {
  private static final long serialVersionUID = 1;

  /// The newest version of every document that this release reads and writes.
  public static final long KNOWN = 1;

  public NewerVersion(String what, long version) {
    super(
        "%s of version %d needs a newer release of OpenLockbox; this one knows version %d"
            .formatted(what, version, KNOWN));
  }
}

package org.openlockbox.postgres.relay;

/// What client and database say in turn, for Jazzer (`build/fuzz.sh session`), which finds talks by
/// what they make the code do.
public final class SessionFuzz {
  private static final FuzzedSession SESSION = FuzzedSession.start();

  private SessionFuzz() {}

  /// Throws what must not be thrown, if that is what comes of it.
  public static void fuzzerTestOneInput(byte[] script) throws Exception {
    SESSION.run(script);
  }
}

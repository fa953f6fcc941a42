package org.openlockbox.verify;

/// Where the jar begins. Compiled for Java 8, unlike all else in it, so that an older Java than the
/// verifier needs says so in a sentence.
public final class Start {
  private static final int NEEDED = 25;
  private static final int NOT_CHECKED = 3;

  private Start() {}

  public static void main(String[] args) throws ReflectiveOperationException {
    String version = System.getProperty("java.specification.version");
    if (!suffices(version)) {
      System.err.println(
          "NOT CHECKED: lockbox-verify.jar needs Java "
              + NEEDED
              + " or newer, and this is Java "
              + version
              + ": "
              + System.getProperty("java.home"));
      System.err.println(
          "hint: name the newer one's java, or check with verify.sh or docs/spec/verify.py");
      System.exit(NOT_CHECKED);
    }
    Class.forName("org.openlockbox.verify.Main")
        .getMethod("main", String[].class)
        .invoke(null, (Object) args);
  }

  /// Whether a Java of this specification (`1.8`, `17`) can run the verifier.
  static boolean suffices(String version) {
    return Double.parseDouble(version) >= NEEDED;
  }
}

package org.openlockbox.e2e.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/// Every verifier of a bundle that there is, each as an auditor runs it: `lockbox verify`, the
/// program of `lockbox-verify.jar`, `verify.py`, `verify.go`, and, out of the bundle, `verify.sh`
/// and `verify.html`.
public final class Verifiers {
  private static final String PYTHON = "/usr/bin/python3 -B ";

  private final Terminal auditor;
  private final Path home = Distribution.home();

  /// Whoever lacks one of the tools skips the test, except where the environment says `CI=true`.
  public Verifiers(Terminal auditor) {
    this.auditor = auditor;
    auditor.needs("/usr/bin/python3 -c 'import cryptography'", "python3-cryptography");
    auditor.needs("go version && node --version && jq --version", "golang-go nodejs jq");
    String source = home.resolve("docs/spec/verify.go").toString();
    auditor.types(go() + "build -o verify-go " + source).ends(0);
  }

  private String go() {
    return "GO111MODULE=off GOPATH=/usr/share/gocode GOFLAGS= GOCACHE=%s go "
        .formatted(home.resolve("e2e/target/go"));
  }

  /// What each says of this bundle, by its name.
  public Map<String, Answer> say(String bundle, String pin) {
    String jar =
        "\"$JAVA_HOME/bin/java\" -jar "
            + home.resolve("verify/target/lockbox-verify.jar")
            + " %s --pin %s";
    String unpacked = bundle + ".unpacked";
    auditor
        .types("rm -rf %1$s && %2$s -m zipfile -e %3$s %1$s".formatted(unpacked, PYTHON, bundle))
        .ends(0);
    String page = home.resolve("core/src/test/node/page.mjs").toString();
    var said = new LinkedHashMap<String, Answer>();
    said.put("lockbox verify", types("lockbox verify %s --pin %s", bundle, pin));
    said.put("lockbox-verify.jar", types(jar, bundle, pin));
    said.put(
        "verify.py", types(PYTHON + home.resolve("docs/spec/verify.py") + " %s %s", bundle, pin));
    said.put("verify.go", types("./verify-go %s %s", bundle, pin));
    said.put("verify.sh", auditor.types("cd %s && bash verify.sh %s".formatted(unpacked, pin)));
    said.put(
        "verify.html", types("node " + page + " " + unpacked + "/verify.html %s %s", bundle, pin));
    return said;
  }

  private Answer types(String command, String bundle, String pin) {
    return auditor.types(command.formatted(bundle, pin));
  }

  /// That every one of them ends with this code.
  public void allEnd(int exit, String bundle, String pin) {
    var said = say(bundle, pin);
    assertThat(said).hasSize(6);
    said.forEach(
        (name, answer) -> assertThat(answer.exit()).as(name + "\n" + answer).isEqualTo(exit));
  }
}

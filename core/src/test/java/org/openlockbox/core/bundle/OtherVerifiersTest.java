package org.openlockbox.core.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.log.LogEntry;
import org.openlockbox.core.log.Unproven;
import org.openlockbox.tlog.tree.JointProof;
import org.openlockbox.tlog.tree.MerkleTree;

/// Verifiers that share no line with ours agree with it on a complete bundle and on bent ones:
/// `verify.py` and `verify.go`, written from docs/spec; `verify.sh` and `verify.html`, which every
/// bundle holds; and Go's own note and tlog packages.
class OtherVerifiersTest {
  @TempDir private Path directory;
  private final CompleteBundle complete = new CompleteBundle();
  private final Bundle bundle = complete.bundle();

  /// Runs one of them over a zip.
  private interface Verifier {
    Program verify(Path zip, String pin) throws IOException, InterruptedException;
  }

  private void agrees(Verifier verifier) throws IOException, InterruptedException {
    agrees(verifier, verifier, Set.of());
  }

  /// @param alone as its users run it, in a process of its own
  /// @param unseen examples that it says it cannot notice
  private void agrees(Verifier alone, Verifier verifier, Set<String> unseen)
      throws IOException, InterruptedException {
    var zip = directory.resolve("a.zip");
    Files.write(zip, bundle.bytes().toArray());
    var pin = complete.pin().hex();
    var good = alone.verify(zip, pin);
    assertThat(good.exit()).as(good.err()).isZero();
    assertThat(good.out())
        .contains("%d entries".formatted(bundle.entries().size()), "5 operations");
    var another = alone.verify(zip, "0".repeat(64));
    assertThat(another.exit()).isEqualTo(1);
    if (!alone.equals(verifier)) {
      assertThat(verifier.verify(zip, pin)).isEqualTo(good);
      assertThat(verifier.verify(zip, "0".repeat(64))).isEqualTo(another);
    }
    Files.write(zip, complete.unerased().bytes().toArray());
    var shown = verifier.verify(zip, pin);
    assertThat(shown.exit()).as(shown.out()).isEqualTo(1);
    assertThat(shown.err()).contains("erased");
    for (var bent : TamperedBundles.examples(bundle).entrySet()) {
      Files.write(zip, bent.getValue().toArray());
      assertThat(BundleCheck.verify(bent.getValue().toArray(), Optional.of(complete.pin())))
          .as(bent.getKey())
          .isInstanceOf(BundleCheck.Invalid.class);
      var found = verifier.verify(zip, pin);
      int exit = unseen.contains(bent.getKey()) ? 0 : 1;
      assertThat(found.exit()).as(bent.getKey() + found.out() + found.err()).isEqualTo(exit);
      assertThat(found.err().contains("NOT VERIFIED: ")).isEqualTo(exit == 1);
    }
  }

  @Test
  void theOneWrittenFromTheSpecificationAgrees() throws Exception {
    var python = List.of(ScriptedVerifiers.PYTHON, "-B", ScriptedVerifiers.SCRIPT);
    agrees(process(python), ScriptedVerifiers::python, Set.of());
  }

  @Test
  void theShortOneAgrees() throws Exception {
    Verifier go = (zip, pin) -> ScriptedVerifiers.go(directory, zip, pin);
    agrees(go, go, Set.of(TamperedBundles.ML_DSA_LINE)); // nor has Go's standard library
  }

  private Verifier process(List<String> command) {
    return (zip, pin) -> {
      var words = new ArrayList<>(command);
      words.addAll(List.of(zip.toString(), pin));
      return Program.run(directory, Map.of(), words);
    };
  }

  @Test
  void theShellScriptAgrees() throws Exception {
    for (var tool : List.of("bash", "openssl", "jq")) {
      Program.need(tool, Map.of(), tool, tool.equals("openssl") ? "version" : "--version");
    }
    agrees(
        (zip, pin) -> {
          var unpacked = Files.createTempDirectory(directory, "unpacked");
          var files = unpacked(zip, unpacked);
          return files
              ? Program.run(unpacked, "bash", "verify.sh", pin)
              : new Program(1, "", "NOT VERIFIED: no unzip program reads it");
        });
  }

  /// What any unzip program does: writes the files, refusing one whose checksum is false.
  private static boolean unpacked(Path zip, Path into) throws IOException {
    try {
      for (var file : StoredZip.read(Bytes.of(Files.readAllBytes(zip))).entrySet()) {
        var path = into.resolve(file.getKey());
        Files.createDirectories(Optional.ofNullable(path.getParent()).orElseThrow());
        Files.write(path, file.getValue().toArray());
      }
      return true;
    } catch (Unproven damaged) {
      return false;
    }
  }

  @Test
  void thePageAgrees() throws Exception {
    var page = directory.resolve("verify.html");
    var html = Optional.ofNullable(bundle.files().get("verify.html")).orElseThrow();
    Files.write(page, html.toArray());
    agrees(
        process(List.of("node", ScriptedVerifiers.PAGE, page.toString())),
        (zip, pin) -> ScriptedVerifiers.page(page, zip, pin),
        Set.of(TamperedBundles.ML_DSA_LINE)); // browsers have no ML-DSA yet
  }

  /// The page as it is, with its own policy, in a real browser: only a script that hands it the
  /// bundle is added, since nobody is there to choose a file.
  @Test
  void thePageAgreesInABrowser() throws Exception {
    Program.need("chromium", Map.of(), "chromium", "--version");
    var good = inBrowser(bundle.bytes());
    assertThat(good)
        .contains("Verified: what this page checks holds.", "5 operations", ": operation ");
    var examples = TamperedBundles.examples(bundle);
    for (var what : List.of("one bit", "the time of entry 8", "root", "a text", "a proof hash")) {
      assertThat(inBrowser(Optional.ofNullable(examples.get(what)).orElseThrow()))
          .as(what)
          .contains("NOT VERIFIED: ")
          .doesNotContain("5 operations");
    }
  }

  private String inBrowser(Bytes zip) throws IOException, InterruptedException {
    var html = Optional.ofNullable(bundle.files().get("verify.html")).orElseThrow().utf8();
    var chosen =
        """
        const bytes = Uint8Array.from(atob("%s"), c => c.charCodeAt(0));
        const chosen = new DataTransfer();
        chosen.items.add(new File([bytes], "a.zip"));
        document.getElementById("file").files = chosen.files;
        document.getElementById("pin").value = "%s";
        document.getElementById("check").click();
        """
            .formatted(zip.base64(), complete.pin().hex());
    var hash = Bytes.ofUtf8(chosen).sha256().base64();
    var page = directory.resolve("page.html");
    Files.writeString(
        page,
        html.replace("script-src ", "script-src 'sha256-" + hash + "' ")
            .replace("</body>", "<script>" + chosen + "</script></body>"));
    var shown =
        Program.run(
            directory,
            "chromium",
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--user-data-dir=" + directory.resolve("browser"),
            "--virtual-time-budget=20000",
            "--dump-dom",
            page.toUri().toString());
    assertThat(shown.exit()).as(shown.err()).isZero();
    return shown.out();
  }

  /// The page may load and send nothing, and run only the script that it holds.
  @Test
  void thePageForbidsItselfEverythingElse() {
    var html = Optional.ofNullable(bundle.files().get("verify.html")).orElseThrow().utf8();
    var script = html.substring(html.indexOf("<script>") + 8, html.indexOf("</script>"));
    var style = html.substring(html.indexOf("<style>") + 7, html.indexOf("</style>"));
    assertThat(html)
        .contains(
            "default-src 'none'; script-src 'sha256-%s'; style-src 'sha256-%s'; base-uri 'none'"
                .formatted(
                    Bytes.ofUtf8(script).sha256().base64(), Bytes.ofUtf8(style).sha256().base64()))
        .doesNotContain("http://", "https://");
  }

  @Test
  void goReadsCheckpointAndProofs() throws Exception {
    Program.need(
        "golang-go, golang-golang-x-mod-dev",
        Program.GO,
        "go",
        "list",
        "golang.org/x/mod/sumdb/note",
        "golang.org/x/mod/sumdb/tlog");
    var program = ScriptedVerifiers.built(Path.of("src/test/go/verify.go"));
    var files = bundle.files();
    for (var name : List.of(Bundle.CHECKPOINT, Bundle.LOG_KEYS)) {
      Files.write(
          directory.resolve(name), Optional.ofNullable(files.get(name)).orElseThrow().toArray());
    }
    var leaves = leaves();
    Files.write(directory.resolve("leaves"), leaves);
    var good = Program.run(directory, program, ".");
    assertThat(good.exit()).as(good.err()).isZero();
    assertThat(good.out().strip()).isEqualTo(Integer.toString(leaves.size()));

    for (int i = 0; i < leaves.size(); i++) {
      var moved = new ArrayList<>(leaves);
      moved.set(i, moved.get(i).replaceFirst("^\\d+", Integer.toString(i == 0 ? 1 : 0)));
      Files.write(directory.resolve("leaves"), moved);
      assertThat(Program.run(directory, program, ".").exit()).as("leaf %d", i).isEqualTo(1);
    }
    Files.write(directory.resolve("leaves"), leaves);
    var note = bundle.checkpoint();
    Files.writeString(directory.resolve(Bundle.CHECKPOINT), note.replaceFirst("\n\\d+\n", "\n7\n"));
    assertThat(Program.run(directory, program, ".").exit()).isEqualTo(1);
  }

  /// Each entry with the proof of its own that the joint proof holds.
  private List<String> leaves() {
    var entries = bundle.entries();
    var parsed = entries.stream().map(LogEntry::parse).toList();
    var hashes = entries.stream().map(entry -> MerkleTree.leafHash(entry.toArray())).toList();
    var indexes = parsed.stream().map(LogEntry::seq).toList();
    var joint = new JointProof(complete.acme.log().size(), indexes, bundle.proof());
    var lines = new ArrayList<String>();
    for (int i = 0; i < entries.size(); i++) {
      var line = new StringBuilder(indexes.get(i) + " " + entries.get(i).base64());
      var alone = joint.alone(hashes, indexes.get(i)).orElseThrow();
      alone.hashes().forEach(hash -> line.append(' ').append(hash.base64()));
      lines.add(line.toString());
    }
    return lines;
  }
}

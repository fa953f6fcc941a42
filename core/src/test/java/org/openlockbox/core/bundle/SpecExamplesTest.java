package org.openlockbox.core.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.log.Lines;
import org.openlockbox.core.log.LogEntry;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.operation.OutcomeStatus;
import org.openlockbox.core.operation.SqlFacts;
import org.openlockbox.core.session.SessionChain;
import org.openlockbox.core.testing.SettableClock;
import org.openlockbox.core.testing.TenantFixture;
import org.openlockbox.tlog.tree.Hash;

/// The examples of docs/spec are one true bundle, written out; another implementation that agrees
/// with them agrees with us. `-Dlockbox.spec.write` writes new ones.
class SpecExamplesTest {
  private static final Pattern EXAMPLE =
      Pattern.compile("<!-- file: (\\S+) -->\n```text\n(.*?)```\n", Pattern.DOTALL);

  /// The body of a DataRow: one value of one character, `1`.
  private static final Bytes ONE = Bytes.ofHex("00010000000131");

  private static final Pattern PIN = Pattern.compile("pin of the example: `([0-9a-f]{64})`");

  @Test
  void theExampleBundleVerifies() throws IOException {
    if (System.getProperty("lockbox.spec.write") != null) {
      write();
    }
    var files = files(spec("bundle.md"));
    files.putAll(Bundle.HELPERS);
    var zip = StoredZip.write(files).toArray();
    var pin = PIN.matcher(Files.readString(spec("bundle.md")));
    assertThat(pin.find()).isTrue();
    var check = BundleCheck.verify(zip, Optional.of(Hash.ofHex(pin.group(1))));
    assertThat(check)
        .isInstanceOfSatisfying(
            BundleCheck.Valid.class,
            verified -> assertThat(verified.story().operations()).isEqualTo(1));
  }

  @Test
  void theExampleEntriesAreThoseOfTheBundle() throws IOException {
    var entries = entries("log-entry.md");
    assertThat(entries).hasSizeGreaterThan(5).isEqualTo(entries("bundle.md"));
    for (var entry : entries) {
      assertThat(LogEntry.parse(entry).bytes()).isEqualTo(entry);
    }
  }

  @Test
  void everyOtherByteStringIsNoEntry() throws IOException {
    for (var entry : entries("log-entry.md")) {
      for (int at = 0; at < entry.size(); at++) {
        var changed = entry.toArray();
        changed[at] ^= (byte) 1;
        assertThat(roundTrips(Bytes.of(changed))).as(entry.utf8()).isTrue();
      }
    }
  }

  private static List<Bytes> entries(String doc) throws IOException {
    var path = Bundle.entriesPath(0);
    return Lines.read(path, Optional.ofNullable(files(spec(doc)).get(path)).orElseThrow());
  }

  /// Refused, or read and written again as the same bytes.
  private static boolean roundTrips(Bytes changed) {
    try {
      return LogEntry.parse(changed).bytes().equals(changed);
    } catch (MalformedJson e) {
      return true;
    }
  }

  private static SortedMap<String, Bytes> files(Path doc) throws IOException {
    var files = new TreeMap<String, Bytes>();
    var found = EXAMPLE.matcher(Files.readString(doc));
    while (found.find()) {
      var text = found.group(2);
      boolean line = found.group(1).endsWith(".json");
      files.put(found.group(1), Bytes.ofUtf8(line ? text.substring(0, text.length() - 1) : text));
    }
    return files;
  }

  private static Path spec(String name) {
    var here = Path.of("docs/spec", name);
    return Files.exists(here) ? here : Path.of("../docs/spec", name);
  }

  private static void write() throws IOException {
    var acme = new TenantFixture("acme", 1, new SettableClock());
    var asked = acme.ask(1);
    acme.approve(asked, "ann");
    var session = acme.session();
    acme.fromGateway(acme.opened(asked, session));
    var text = acme.commit("select 1");
    var statement =
        new SessionEvent.Operation(
            session, 0, text, Optional.empty(), "query", SqlFacts.of("select"));
    var outcome =
        new SessionEvent.Outcome(
            session, 0, OutcomeStatus.SQL_DONE, 1, 12, 0, Optional.of(acme.result(text, ONE)));
    acme.fromGateway(statement);
    acme.fromGateway(outcome);
    var chain = SessionChain.of(session).with(statement).with(outcome).head();
    acme.fromGateway(new SessionEvent.Closed(session, "client left", 1, 1, 12, chain, true));
    acme.revoke(asked, "bob");
    var bundle =
        Bundle.of(
            asked.submission().id(),
            acme.log().proven(entry -> true),
            acme.log().checkpoint(),
            acme.texts());
    replaceExamples("bundle.md", bundle, List.of(""), acme.pin().hex());
    replaceExamples("log-entry.md", bundle, List.of("entries/"), acme.pin().hex());
  }

  private static void replaceExamples(String name, Bundle bundle, List<String> prefixes, String pin)
      throws IOException {
    var examples = new ArrayList<String>();
    bundle
        .files()
        .forEach(
            (path, file) -> {
              if (!path.startsWith("verify.") && prefixes.stream().anyMatch(path::startsWith)) {
                var end = path.endsWith(".json") ? "\n" : "";
                examples.add(
                    "<!-- file: %s -->\n```text\n%s%s```\n".formatted(path, file.utf8(), end));
              }
            });
    var doc = Files.readString(spec(name));
    int marker = doc.indexOf("## Example\n") + "## Example\n".length();
    var head = doc.substring(0, marker);
    var intro = "\nMade by a test, and checked by one. The pin of the example: `" + pin + "`\n\n";
    Files.writeString(spec(name), head + intro + String.join("\n", examples));
  }
}

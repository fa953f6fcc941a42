package org.openlockbox.core.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.log.LogEntry;

/// Every single-byte change of a complete bundle, and every removed, swapped or doubled entry. The
/// counts are printed, and kept in `target/results` for the report of a long run.
@ExtendWith(RememberedSignatures.class)
class EveryChangeTest {
  private static final boolean LONG = Boolean.getBoolean("lockbox.long");

  private final CompleteBundle complete = new CompleteBundle();
  private final Bundle bundle = complete.bundle();

  @Test
  void theBundleItselfHolds() {
    assertThat(check(bundle.bytes())).isInstanceOf(BundleCheck.Valid.class);
  }

  @Test
  @Tag("slow")
  void everyChangedByteIsFoundAndPlaced() throws IOException {
    var zip = bundle.bytes().toArray();
    int found = 0;
    for (int at = 0; at < zip.length; at++) {
      byte before = zip[at];
      for (int bit = LONG ? 0 : at % 8; bit < (LONG ? 8 : at % 8 + 1); bit++) {
        zip[at] = (byte) (before ^ (1 << bit));
        found += placed(zip, "bit %d of byte %d".formatted(bit, at));
      }
      zip[at] = before;
    }
    print("%d changes of one bit in %d bytes, each found and placed".formatted(found, zip.length));
  }

  private int placed(byte[] zip, String what) {
    assertThat(BundleCheck.verify(zip, Optional.of(complete.pin())))
        .as(what)
        .isInstanceOfSatisfying(
            BundleCheck.Invalid.class, broken -> assertThat(broken.where()).isNotBlank());
    return 1;
  }

  /// Whoever changes a byte and repairs checksum and manifest is found all the same.
  @Test
  void everyChangedByteOfTheEvidenceIsFoundUnderATrueManifest() throws IOException {
    int found = 0;
    for (var file : bundle.files().entrySet()) {
      boolean helper = file.getKey().startsWith("verify.") || file.getKey().equals(Bundle.README);
      if (file.getKey().equals(Bundle.MANIFEST)) {
        continue;
      }
      int step = LONG ? 1 : helper ? 211 : 13;
      for (int at = 0; at < file.getValue().size(); at += step) {
        var changed = file.getValue().toArray();
        changed[at] ^= (byte) (1 << (at % 7));
        var files = new TreeMap<>(bundle.files());
        files.put(file.getKey(), Bytes.of(changed));
        // a version that became a later one cannot be checked, which is no success either
        assertThat(check(TamperedBundles.sealed(files)))
            .as("byte %d of %s", at, file.getKey())
            .isInstanceOfAny(BundleCheck.Invalid.class, BundleCheck.Newer.class);
        found++;
      }
    }
    print("%d changed bytes under a manifest made true again, each found".formatted(found));
  }

  @Test
  void everyRemovedSwappedOrDoubledEntryIsFound() throws IOException {
    int found = 0;
    for (var bent : TamperedBundles.reordered(bundle).entrySet()) {
      assertThat(check(TamperedBundles.withEntries(bundle, bent.getValue())))
          .as(bent.getKey())
          .isInstanceOf(BundleCheck.Invalid.class);
      found++;
    }
    print("%d bundles with an entry removed, doubled or two swapped, each found".formatted(found));
  }

  /// With the whole log one can prove any selection of it. What an entry shown points to cannot be
  /// left out; what nothing points to can, as docs/spec/bundle.md says.
  @Test
  void aTrueProofOfFewerEntriesLeavesOutOnlyWhatNothingPointsTo() throws IOException {
    var entries = complete.entries();
    var left = new ArrayList<String>();
    for (int i = 1; i < entries.size(); i++) {
      var fewer = new ArrayList<>(entries);
      var removed = LogEntry.parse(fewer.remove(i).entry());
      if (check(complete.of(fewer).bytes()) instanceof BundleCheck.Valid) {
        left.add(removed.type().word());
      }
    }
    assertThat(left)
        .containsExactlyInAnyOrder(
            "session-close",
            "removal-failed",
            "session-close",
            "session-lost",
            "operation",
            "erased",
            "revoke",
            "end",
            "erased",
            "recovery",
            "recovery",
            "gateway-revoke",
            "gateway-authority-object",
            "gateway-authority");
    print(
        "%d of %d entries could be left out: %s".formatted(left.size(), entries.size() - 1, left));
  }

  private BundleCheck check(Bytes zip) {
    return BundleCheck.verify(zip.toArray(), Optional.of(complete.pin()));
  }

  private static void print(String text) throws IOException {
    var line = "- " + text;
    System.out.println(line);
    var results = Files.createDirectories(Path.of("target", "results"));
    var file = results.resolve("bundle.md");
    var before = Files.exists(file) ? Files.readString(file) : "## Tampered bundles\n\n";
    Files.writeString(file, before + line + "\n");
  }
}

package org.openlockbox.core.bundle;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.log.Lines;
import org.openlockbox.core.log.Unproven;
import org.openlockbox.core.statement.Commitment;
import org.openlockbox.core.statement.OpenedText;
import org.openlockbox.tlog.tree.Hash;

/// Reads the parts of a bundle back from its files. Every method throws [Unproven] naming the file
/// that is not as it should be. What is read here is not yet what was written: [#requireRewritten]
/// is.
final class BundleReader {
  private static final int LARGEST_MANIFEST = 256 << 20;

  /// The helpers of earlier releases, as `sha256sum` writes them.
  private static final Set<String> EARLIER =
      Set.copyOf(Bundle.resource("earlier-helpers.txt").utf8().lines().toList());

  private final SortedMap<String, Bytes> files;
  private final Bundle bundle;

  private BundleReader(SortedMap<String, Bytes> files) {
    this.files = files;
    this.bundle = new Bundle(manifest(), entries(), proof(), checkpoint(), texts());
  }

  /// Reads a zip whose every byte is as [Bundle#bytes] writes it, but for the programs and the
  /// words in it, which may be another release's: [#strange].
  static BundleReader read(Bytes zip) {
    var reader = new BundleReader(StoredZip.read(zip));
    reader.requireRewritten(zip);
    return reader;
  }

  Bundle bundle() {
    return bundle;
  }

  private void requireRewritten(Bytes given) {
    var rewritten = rewritten(given());
    for (var name : files.keySet()) {
      if (!rewritten.containsKey(name)) {
        throw new Unproven(name, "does not belong into a bundle");
      }
    }
    for (var file : rewritten.entrySet()) {
      if (!Objects.equals(files.get(file.getKey()), file.getValue())) {
        throw new Unproven(file.getKey(), "not as it is written");
      }
    }
    StoredZip.requireSame(given, StoredZip.write(rewritten), rewritten);
  }

  /// What is no evidence, as it was given. Each release has its own.
  private Map<String, Bytes> given() {
    var given = new HashMap<String, Bytes>();
    for (var name : Bundle.NO_EVIDENCE) {
      Optional.ofNullable(files.get(name)).ifPresent(file -> given.put(name, file));
    }
    return given;
  }

  /// The first file that is no evidence and is of no release that this one knows: a newer release
  /// wrote it, or somebody changed it. Nobody can tell here.
  Optional<String> strange() {
    var ours = rewritten(Map.of());
    return Bundle.NO_EVIDENCE.stream()
        .filter(name -> !Objects.equals(files.get(name), ours.get(name)))
        .filter(name -> !EARLIER.contains(required(name).sha256().hex() + "  " + name))
        .findFirst();
  }

  private SortedMap<String, Bytes> rewritten(Map<String, Bytes> given) {
    try {
      return bundle.files(given);
    } catch (MalformedJson e) {
      throw Unproven.read("entry 0", e);
    }
  }

  private List<Bytes> entries() {
    var entries = new ArrayList<Bytes>();
    for (int number = 0; files.containsKey(Bundle.entriesPath(number)); number++) {
      var path = Bundle.entriesPath(number);
      entries.addAll(Lines.read(path, required(path)));
    }
    if (entries.isEmpty()) {
      throw new Unproven("bundle", "no entries");
    }
    return entries;
  }

  private List<Hash> proof() {
    try {
      return Lines.read(Bundle.PROOF, required(Bundle.PROOF)).stream()
          .map(line -> Hash.ofHex(line.utf8()))
          .toList();
    } catch (MalformedJson | IllegalArgumentException e) {
      throw new Unproven(Bundle.PROOF, "not a proof: " + e.getMessage());
    }
  }

  private Map<Commitment, OpenedText> texts() {
    var texts = new HashMap<Commitment, OpenedText>();
    int number = 0;
    for (var line : Lines.read(Bundle.TEXTS, required(Bundle.TEXTS))) {
      number++;
      try {
        var text = OpenedText.parse(line);
        texts.put(text.commitment(), text);
      } catch (MalformedJson e) {
        throw new Unproven(Bundle.TEXTS, "line %d: %s".formatted(number, e.getMessage()));
      }
    }
    return texts;
  }

  private String checkpoint() {
    try {
      return required(Bundle.CHECKPOINT).utf8();
    } catch (MalformedJson e) {
      throw new Unproven(Bundle.CHECKPOINT, String.valueOf(e.getMessage()));
    }
  }

  private Bytes required(String name) {
    return Optional.ofNullable(files.get(name)).orElseThrow(() -> new Unproven(name, "missing"));
  }

  /// Checks each file against the manifest, so that a changed one is named.
  private RequestId manifest() {
    try {
      var json = Json.read(required(Bundle.MANIFEST).toArray(), LARGEST_MANIFEST);
      var fields = Fields.of(json, "manifest").version(1);
      if (!(fields.json("files") instanceof Json.Object listed)) {
        throw new Unproven(Bundle.MANIFEST, "'files' is an object");
      }
      for (var name : listed.members().keySet()) {
        required(name);
      }
      for (var file : files.entrySet()) {
        var hash = listed.members().get(file.getKey());
        if (!file.getKey().equals(Bundle.MANIFEST)
            && !Objects.equals(hash, Json.text(file.getValue().sha256().hex()))) {
          throw new Unproven(file.getKey(), "not the file that the manifest lists");
        }
      }
      return fields.value("request", RequestId::new);
    } catch (MalformedJson e) {
      throw Unproven.read(Bundle.MANIFEST, e);
    }
  }
}

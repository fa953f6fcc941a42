package org.openlockbox.core.bundle;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Json;

/// Ways to bend a bundle so that its checksums and its manifest are true again.
final class TamperedBundles {
  /// The one example that a program without ML-DSA cannot notice.
  static final String ML_DSA_LINE = "checkpoint, its ML-DSA-44 line";

  private TamperedBundles() {}

  /// The zip of these files with a manifest that lists them as they are.
  static Bytes sealed(SortedMap<String, Bytes> files) {
    var sealed = new TreeMap<>(files);
    var manifest = Optional.ofNullable(files.get(Bundle.MANIFEST)).orElseThrow().utf8();
    var listed = Json.object();
    files.forEach(
        (name, file) -> {
          if (!name.equals(Bundle.MANIFEST)) {
            listed.put(name, file.sha256());
          }
        });
    sealed.put(
        Bundle.MANIFEST,
        Bytes.ofUtf8(
            manifest.replaceFirst(
                "\\{\"files\":\\{[^}]*}", "{\"files\":" + CanonicalJson.text(listed.build()))));
    return StoredZip.write(sealed);
  }

  /// The bundle with another file of this name.
  static Bytes with(Bundle bundle, String name, Bytes file) {
    var files = new TreeMap<>(bundle.files());
    files.put(name, file);
    return sealed(files);
  }

  /// The bundle with these entries; proof and checkpoint stay.
  static Bytes withEntries(Bundle bundle, List<Bytes> entries) {
    return new Bundle(
            bundle.request(), entries, bundle.proof(), bundle.checkpoint(), bundle.texts())
        .bytes();
  }

  /// Every entry left out, every two swapped, every one twice.
  static Map<String, List<Bytes>> reordered(Bundle bundle) {
    var all = new LinkedHashMap<String, List<Bytes>>();
    var entries = bundle.entries();
    for (int i = 1; i < entries.size(); i++) {
      var without = new ArrayList<>(entries);
      without.remove(i);
      all.put("without " + i, without);
      var twice = new ArrayList<>(entries);
      twice.add(i, entries.get(i));
      all.put("twice " + i, twice);
      for (int j = i + 1; j < entries.size(); j++) {
        var swapped = new ArrayList<>(entries);
        Collections.swap(swapped, i, j);
        all.put("swapped %d and %d".formatted(i, j), swapped);
      }
    }
    return all;
  }

  /// One true lie of each kind, for verifiers that are slow to start: name and zip.
  static Map<String, Bytes> examples(Bundle bundle) {
    var all = new LinkedHashMap<String, Bytes>();
    var zip = bundle.bytes().toArray();
    zip[zip.length / 2] ^= 1;
    all.put("one bit", Bytes.of(zip));
    var entries = bundle.entries();
    for (int i = 0; i < entries.size(); i++) {
      var edited = new ArrayList<>(entries);
      edited.set(i, Bytes.ofUtf8(entries.get(i).utf8().replaceFirst("\"ts\":1", "\"ts\":2")));
      if (i > 0) {
        all.put("the time of entry " + i, withEntries(bundle, edited));
      }
    }
    reordered(bundle)
        .forEach(
            (what, bent) -> {
              if (!what.startsWith("swapped") || what.endsWith("1 and 2")) {
                all.put(what, withEntries(bundle, bent));
              }
            });
    int lines = bundle.checkpoint().indexOf("\n\n") + 2;
    int ed25519 = bundle.checkpoint().indexOf('\n', lines) - 9;
    all.put("checkpoint", with(bundle, Bundle.CHECKPOINT, flipped(bundle.checkpoint(), ed25519)));
    all.put(ML_DSA_LINE, with(bundle, Bundle.CHECKPOINT, flipped(bundle.checkpoint(), -9)));
    all.put("root", with(bundle, Bundle.CHECKPOINT, flipped(bundle.checkpoint(), 30)));
    var texts = Optional.ofNullable(bundle.files().get(Bundle.TEXTS)).orElseThrow().utf8();
    all.put(
        "a text",
        with(
            bundle,
            Bundle.TEXTS,
            Bytes.ofUtf8(texts.replaceFirst("\"text\":\"..", "\"text\":\"QQ"))));
    all.put("a proof hash", with(bundle, Bundle.PROOF, Bytes.ofUtf8("0".repeat(64) + "\n")));
    all.put("a file more", with(bundle, "evil.txt", Bytes.ofUtf8("hello")));
    return all;
  }

  private static Bytes flipped(String text, int at) {
    int place = at < 0 ? text.length() + at : at;
    char other = text.charAt(place) == 'A' ? 'B' : 'A';
    return Bytes.ofUtf8(text.substring(0, place) + other + text.substring(place + 1));
  }
}

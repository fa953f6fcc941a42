package org.openlockbox.core.log;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.openlockbox.core.canonical.Bytes;

/// A file of lines, each ended by a newline and holding none. No entry of a log and no canonical
/// JSON has one in it.
public final class Lines {
  private Lines() {}

  public static Bytes of(List<Bytes> lines) {
    var out = new ByteArrayOutputStream();
    for (var line : lines) {
      out.writeBytes(line.toArray());
      out.write('\n');
    }
    return Bytes.of(out.toByteArray());
  }

  /// The lines of a file; throws [Unproven] if something follows the last newline.
  public static List<Bytes> read(String path, Bytes file) {
    var lines = new ArrayList<Bytes>();
    int start = 0;
    for (int at = 0; at < file.size(); at++) {
      if (file.at(at) == '\n') {
        lines.add(file.slice(start, at));
        start = at + 1;
      }
    }
    if (start < file.size()) {
      throw new Unproven(path, "its last line does not end");
    }
    return lines;
  }
}

package org.openlockbox.bench.log;

import java.io.IOException;
import java.io.InputStream;

/// How many lines a stream had, and how many bytes.
record Lines(long count, long bytes) {
  /// Reads to the end.
  static Lines of(InputStream in) throws IOException {
    var buffer = new byte[1 << 16];
    long count = 0;
    long bytes = 0;
    for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
      for (int n = 0; n < read; n++) {
        if (buffer[n] == '\n') {
          count++;
        }
      }
      bytes += read;
    }
    return new Lines(count, bytes);
  }
}

package org.openlockbox.cli.connect;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.openlockbox.core.canonical.Bytes;

/// What a client says first: the version of the protocol, and names with values.
record StartupMessages(int version, Map<String, String> settings) {
  private static final Set<String> OURS = Set.of("user", "database");

  static StartupMessages parse(Bytes packet) throws IOException {
    int version = ByteBuffer.wrap(packet.toArray()).getInt();
    byte[] texts = packet.slice(4, packet.size()).toArray();
    List<String> words = List.of(new String(texts, UTF_8).split("\0", -1));
    Map<String, String> settings = new LinkedHashMap<>();
    for (int i = 0; i + 1 < words.size() && !words.get(i).isEmpty(); i += 2) {
      settings.put(words.get(i), words.get(i + 1));
    }
    if (version >> 16 != 3) {
      throw new IOException("another protocol than version 3");
    }
    return new StartupMessages(version, settings);
  }

  /// The packet that says the same as somebody else: user and database are the login's.
  byte[] as(String user, String database) {
    var body = new ByteArrayOutputStream();
    body.writeBytes(ByteBuffer.allocate(4).putInt(version).array());
    add(body, "user", user);
    add(body, "database", database);
    settings.entrySet().stream()
        .filter(each -> !OURS.contains(each.getKey()))
        .forEach(each -> add(body, each.getKey(), each.getValue()));
    body.write(0);
    return PostgresFrames.packet(body.toByteArray());
  }

  private static void add(ByteArrayOutputStream body, String name, String value) {
    body.writeBytes((name + "\0" + value + "\0").getBytes(UTF_8));
  }
}

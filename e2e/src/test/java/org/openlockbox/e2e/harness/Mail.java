package org.openlockbox.e2e.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// One message that the demo's mail server took: whom it went to and its source.
public record Mail(String file, String to, String source) {
  static Mail read(Path file) throws IOException {
    String name = file.getFileName().toString();
    String to = name.substring(name.indexOf("-to-") + 4, name.length() - ".eml".length());
    return new Mail(name, to, Files.readString(file));
  }

  /// The subject line; its words are ASCII in the demo.
  public String subject() {
    return source
        .replaceAll("\r?\n[ \t]", " ")
        .lines()
        .filter(line -> line.startsWith("Subject: "))
        .map(line -> line.substring("Subject: ".length()))
        .findFirst()
        .orElse("");
  }
}

package org.openlockbox.demo.mail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The directory that the [MailSink] fills. A file there is whole and never changes, so each is
/// read once.
final class Mailbox {
  private static final Pattern NAME = Pattern.compile("(\\d{4,9})-to-(.+)\\.eml");

  private final Path directory;
  private final Map<Path, ReceivedMail> read = new ConcurrentHashMap<>();

  Mailbox(Path directory) {
    this.directory = directory;
  }

  /// One message's file: its number and the address it came to, which its name says.
  record MailFile(String id, String to, Path file) {
    static Optional<MailFile> of(Path file) {
      var name = NAME.matcher(file.getFileName().toString());
      return name.matches()
          ? Optional.of(new MailFile(name.group(1), name.group(2), file))
          : Optional.empty();
    }

    int number() {
      return Integer.parseInt(id);
    }
  }

  /// The newest messages, the newest first; to this address alone if there is one.
  List<ReceivedMail> newest(Optional<String> to, int most) throws IOException {
    var wanted =
        slots().stream()
            .filter(slot -> to.map(slot.to()::equals).orElse(true))
            .sorted(Comparator.comparingInt(MailFile::number).reversed())
            .limit(most)
            .toList();
    var found = new ArrayList<ReceivedMail>();
    for (var slot : wanted) {
      found.add(message(slot));
    }
    return found;
  }

  int count() throws IOException {
    return slots().size();
  }

  Optional<ReceivedMail> find(String id) throws IOException {
    for (var slot : slots()) {
      if (slot.id().equals(id)) {
        return Optional.of(message(slot));
      }
    }
    return Optional.empty();
  }

  /// How many messages each address has.
  SortedMap<String, Integer> addresses() throws IOException {
    var counts = new TreeMap<String, Integer>();
    slots().forEach(slot -> counts.merge(slot.to(), 1, Integer::sum));
    return counts;
  }

  private ReceivedMail message(MailFile slot) throws IOException {
    var known = read.get(slot.file());
    if (known != null) {
      return known;
    }
    var message = ReceivedMail.read(slot);
    read.put(slot.file(), message);
    return message;
  }

  private List<MailFile> slots() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.flatMap(file -> MailFile.of(file).stream()).toList();
    }
  }
}

package org.openlockbox.core.operation;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.MalformedJson;

/// What the gateway read off an SSH channel's request.
///
/// @param channel what was asked for: one of a closed list
/// @param command the class of the command in the resource's catalogue; absent where none fits
/// @param path the class of the path in the resource's catalogue; absent where none fits
public record SshFacts(String channel, Optional<String> command, Optional<String> path)
    implements OperationFacts {
  private static final Set<String> CHANNELS = Set.of("exec", "forward", "sftp", "shell");
  private static final Pattern CLASS = Pattern.compile("[a-z][a-z0-9-]{0,31}");

  public SshFacts {
    if (!CHANNELS.contains(channel)) {
      throw new MalformedJson("not a channel of SSH: " + channel);
    }
    command.ifPresent(SshFacts::requireClass);
    path.ifPresent(SshFacts::requireClass);
  }

  private static void requireClass(String word) {
    if (!CLASS.matcher(word).matches()) {
      throw new MalformedJson("not a class of commands or paths: " + word);
    }
  }

  @Override
  public Protocol protocol() {
    return Protocol.SSH;
  }

  @Override
  public String line() {
    return channel
        + command.map(word -> " " + word).orElse("")
        + path.map(word -> " in " + word).orElse("");
  }

  @Override
  public boolean isUnknown() {
    return command.isEmpty() && path.isEmpty();
  }

  @Override
  public String member() {
    return "ssh";
  }

  static SshFacts parse(Fields facts) {
    return new SshFacts(
        facts.text("channel"), facts.optionalText("command"), facts.optionalText("path"));
  }

  @Override
  public Json.Object toJson() {
    return Json.object()
        .put("channel", channel)
        .putIfPresent("command", command)
        .putIfPresent("path", path)
        .build();
  }
}

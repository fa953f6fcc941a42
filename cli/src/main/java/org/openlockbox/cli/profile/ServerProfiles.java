package org.openlockbox.cli.profile;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Pattern;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.cli.terminal.Failure;

/// Finds the profile of a call: flag before environment before file.
///
/// `profiles/<name>.properties` holds `server`, `token` and, optionally, `key` and `ca`; the file
/// `default-profile` names the one to use when nobody does.
public final class ServerProfiles {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  /// What the profile is called that somebody makes by signing in, and names no other.
  private static final String OWN = "me";

  private final ConfigDirectory directory;
  private final Map<String, String> environment;

  public ServerProfiles(ConfigDirectory directory, Map<String, String> environment) {
    this.directory = directory;
    this.environment = environment;
  }

  /// The profile for these flags (empty = not given). Its server is never empty, its token may be.
  public ServerProfile resolve(String profileFlag, String serverFlag) {
    String name = firstOf(profileFlag, variable("LOCKBOX_PROFILE"));
    boolean complete =
        !variable("LOCKBOX_TOKEN").isEmpty()
            && !firstOf(serverFlag, variable("LOCKBOX_SERVER")).isEmpty();
    if (name.isEmpty() && !complete) {
      name = defaultName();
    }
    Properties file = name.isEmpty() ? new Properties() : load(name);
    String server = firstOf(serverFlag, variable("LOCKBOX_SERVER"), file.getProperty("server", ""));
    if (server.isEmpty()) {
      throw new Failure(ExitCode.NOT_SIGNED_IN, "no server is set", howToSignIn());
    }
    return new ServerProfile(
        name,
        server,
        firstOf(variable("LOCKBOX_TOKEN"), file.getProperty("token", "")).strip(),
        file.getProperty("key", "").strip(),
        file.getProperty("ca", "").strip());
  }

  /// The profile that somebody wants to sign in with, which may not be there yet. What the flags
  /// say counts before its file.
  public ServerProfile forSignIn(String profileFlag, String serverFlag, String caFlag) {
    String wanted = firstOf(profileFlag, variable("LOCKBOX_PROFILE"), defaultName(), OWN);
    requireName(wanted);
    Properties file = Files.exists(directory.profile(wanted)) ? load(wanted) : new Properties();
    String server = firstOf(serverFlag, variable("LOCKBOX_SERVER"), file.getProperty("server", ""));
    if (server.isEmpty()) {
      throw Failure.usage("no server is set", "lockbox login --server https://…");
    }
    return new ServerProfile(
        wanted,
        server,
        file.getProperty("token", "").strip(),
        file.getProperty("key", "").strip(),
        firstOf(caFlag, file.getProperty("ca", "")).strip());
  }

  /// Writes the profile's file. The first one is used by itself from then on.
  public void keep(ServerProfile profile) {
    StringBuilder text = new StringBuilder();
    line(text, "server", profile.server());
    line(text, "token", profile.token());
    line(text, "key", profile.key());
    line(text, "ca", profile.ca());
    PrivateFile.replace(directory.profile(profile.name()), text.toString());
    if (defaultName().isEmpty()) {
      PrivateFile.replace(directory.defaultProfile(), profile.name() + "\n");
    }
  }

  private static void line(StringBuilder text, String key, String value) {
    if (value.chars().anyMatch(Character::isISOControl)) {
      throw new Failure(ExitCode.FAILURE, "a %s of more than one line is none".formatted(key));
    }
    if (!value.isEmpty()) {
      text.append(key).append('=').append(value.replace("\\", "\\\\")).append('\n');
    }
  }

  /// What to type when there is no profile to use.
  String howToSignIn() {
    List<String> names = names();
    if (names.isEmpty()) {
      return "lockbox login --server https://…, or set LOCKBOX_SERVER and LOCKBOX_TOKEN, or write "
          + directory.profile("NAME")
          + " with server= and token=";
    }
    return "export LOCKBOX_PROFILE=" + String.join("|", names);
  }

  private List<String> names() {
    List<String> names = new ArrayList<>();
    Path folder = directory.profile("x").getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      return names;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.properties")) {
      files.forEach(file -> names.add(file.getFileName().toString().replace(".properties", "")));
    } catch (IOException unreadable) {
      return List.of();
    }
    names.sort(null);
    return names;
  }

  private String defaultName() {
    Path file = directory.defaultProfile();
    try {
      return Files.exists(file) ? Files.readString(file).strip() : "";
    } catch (IOException unreadable) {
      throw new Failure(ExitCode.FAILURE, file + " cannot be read: " + unreadable.getMessage());
    }
  }

  private void requireName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw Failure.usage("not a profile name: " + name, howToSignIn());
    }
  }

  private Properties load(String name) {
    requireName(name);
    Path file = directory.profile(name);
    if (!Files.exists(file)) {
      throw new Failure(ExitCode.NOT_SIGNED_IN, "there is no profile " + name, howToSignIn());
    }
    Properties properties = new Properties();
    try {
      properties.load(new StringReader(PrivateFile.read(file, "profile")));
    } catch (IOException | IllegalArgumentException malformed) {
      throw new Failure(ExitCode.FAILURE, "profile " + file + " is not a properties file");
    }
    return properties;
  }

  private String variable(String name) {
    return environment.getOrDefault(name, "");
  }

  private static String firstOf(String... values) {
    for (String value : values) {
      if (!value.isEmpty()) {
        return value;
      }
    }
    return "";
  }
}

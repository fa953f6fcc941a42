package org.openlockbox.demo.postgres;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.openlockbox.node.process.NodeFailure;
import org.openlockbox.node.process.NodeFailure.Code;

/// How root starts PostgreSQL, which refuses to run as root: as nobody, who may still pass the
/// directories above its data (`setpriv`), or, where that is not allowed, in a user namespace that
/// calls root nobody (`unshare`). Containers often allow only one of the two. Everybody else starts
/// it directly. `prefix` stands before the command.
///
/// The data directory belongs to whoever runs the server; [#own] sees to it after a change.
record UnprivilegedUser(int owner, List<String> prefix) {
  private static final int NOBODY = 65_534;
  private static final UnprivilegedUser DIRECTLY = new UnprivilegedUser(-1, List.of());
  private static final UnprivilegedUser NAMESPACE =
      new UnprivilegedUser(0, List.of("unshare", "-U"));
  private static final UnprivilegedUser SETPRIV =
      new UnprivilegedUser(
          NOBODY,
          List.of(
              "setpriv",
              "--reuid=" + NOBODY,
              "--regid=" + NOBODY,
              "--clear-groups",
              "--inh-caps=+dac_override",
              "--ambient-caps=+dac_override",
              "--securebits=+no_setuid_fixup"));

  UnprivilegedUser {
    prefix = List.copyOf(prefix);
  }

  /// The way that works for this user on this machine.
  static UnprivilegedUser here() {
    if (!System.getProperty("user.name").equals("root")) {
      return DIRECTLY;
    }
    if (SETPRIV.works()) {
      return SETPRIV;
    }
    if (NAMESPACE.works()) {
      return NAMESPACE;
    }
    throw new NodeFailure(
        Code.TOOL_MISSING,
        "PostgreSQL refuses to run as root, and neither setpriv nor unshare (package util-linux) may"
            + " change that here; run as another user");
  }

  private boolean works() {
    try {
      var command = new ArrayList<>(prefix);
      command.add("true");
      return new ProcessBuilder(command)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /// Gives a data directory to the user that the server will run as.
  void own(Path pgdata) throws IOException {
    if (owner < 0 || owner == owner(pgdata)) {
      return;
    }
    Files.walkFileTree(
        pgdata,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.setAttribute(file, "unix:uid", owner);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
              throws IOException {
            Files.setAttribute(directory, "unix:uid", owner);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static int owner(Path file) throws IOException {
    return (int) Files.getAttribute(file, "unix:uid");
  }
}

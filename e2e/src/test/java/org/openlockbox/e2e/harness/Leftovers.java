package org.openlockbox.e2e.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.openlockbox.demo.postgres.DirectoryTrees;

/// Directories of hosts that were stopped. They are removed once the class that used them has
/// passed: a whole run would leave eight gigabytes. A class that failed keeps its own, for whoever
/// looks into it.
public final class Leftovers implements TestExecutionListener {
  private static final Set<Path> STOPPED = new LinkedHashSet<>();

  private static boolean failing;
  private static boolean failed;

  /// Nothing runs in this directory any more.
  static synchronized void stopped(Path directory) {
    STOPPED.add(directory);
  }

  /// The same as the JVM ends, after the last class.
  static synchronized void stoppedAtEnd(Path directory) {
    if (!failed) {
      delete(Set.of(directory));
    }
  }

  @Override
  public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    boolean classEnds = test.getSource().filter(ClassSource.class::isInstance).isPresent();
    finished(result.getStatus() != Status.SUCCESSFUL, classEnds);
  }

  private static synchronized void finished(boolean broken, boolean classEnds) {
    failing |= broken;
    failed |= broken;
    if (!classEnds) {
      return;
    }
    if (!failing) {
      delete(STOPPED);
    }
    STOPPED.clear();
    failing = false;
  }

  private static void delete(Collection<Path> directories) {
    try {
      for (Path directory : directories) {
        DirectoryTrees.delete(directory);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

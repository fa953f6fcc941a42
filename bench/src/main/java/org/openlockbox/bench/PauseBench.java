package org.openlockbox.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/// For how long garbage collection stops a program, with each collector: why the launcher chooses
/// by the size of the heap. A revoked session is cut within a second, and nothing is cut in a
/// pause.
final class PauseBench {
  private static final List<String> COLLECTORS = List.of("Serial", "G1", "Z");

  /// A heap, and how many pages of [PauseLoad] live in it.
  private record Heap(String size, int pages) {}

  private static final List<Heap> HEAPS =
      List.of(new Heap("1g", 512), new Heap("2g", 1_024), new Heap("4g", 2_500));

  private final int seconds;

  PauseBench(int seconds) {
    this.seconds = seconds;
  }

  void run() throws IOException, InterruptedException {
    System.out.println("| heap | alive | collector | longest pause, ms |\n|---|---|---|---|");
    for (Heap heap : HEAPS) {
      for (String collector : COLLECTORS) {
        System.out.printf(
            "| %s | %.1f GB | %s | %s |%n",
            heap.size, heap.pages * 0.85 / 1_000, collector, pause(heap, collector));
      }
    }
  }

  private String pause(Heap heap, String collector) throws IOException, InterruptedException {
    var program =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heap.size,
                "-XX:+Use" + collector + "GC",
                "-cp",
                System.getProperty("java.class.path"),
                PauseLoad.class.getName(),
                Integer.toString(heap.pages),
                Integer.toString(seconds))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String said = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (program.waitFor() != 0) {
      throw new IOException("a program with a heap of " + heap.size + " failed");
    }
    return said.strip();
  }
}

/// Benchmarks against a running `./lockbox demo`, each with its peers in the same run.
@NullMarked
package org.openlockbox.bench;

import org.jspecify.annotations.NullMarked;

/// Starts the real demo program beside the tests and types the real commands.
@NullMarked
package org.openlockbox.e2e.harness;

import org.jspecify.annotations.NullMarked;

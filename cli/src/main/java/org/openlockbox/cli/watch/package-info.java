@NullMarked
package org.openlockbox.cli.watch;

import org.jspecify.annotations.NullMarked;

@NullMarked
package org.openlockbox.cli.terminal;

import org.jspecify.annotations.NullMarked;

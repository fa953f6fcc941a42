@NullMarked
package org.openlockbox.cli.command;

import org.jspecify.annotations.NullMarked;

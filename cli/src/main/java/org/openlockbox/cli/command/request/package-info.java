@NullMarked
package org.openlockbox.cli.command.request;

import org.jspecify.annotations.NullMarked;

// What a program saw goes to stdout, one JSON object a line; the test that started it judges.

export function tell(seen) {
  process.stdout.write(JSON.stringify(seen) + "\n");
}

/** Runs the command that the command line names: `node PROGRAM COMMAND ARGUMENT...` */
export async function run(commands) {
  const [command, ...rest] = process.argv.slice(2);
  await commands[command](...rest);
}

/** One of every byte, so that no encoding on the way can hide. */
export const EVERY_BYTE = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));

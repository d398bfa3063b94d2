// Judges our log by sigstore's verifier for npm: node judge.js NODE_MODULES ASKED
const { createPublicKey } = require("node:crypto");
const { readFileSync } = require("node:fs");
const [modules, file] = process.argv.slice(2);
const { verifyMerkleInclusion } = require(`${modules}/@sigstore/verify/dist/tlog/merkle.js`);
const { verifyCheckpoint } = require(`${modules}/@sigstore/verify/dist/tlog/checkpoint.js`);

const asked = JSON.parse(readFileSync(file, "utf8"));
const bytes = (text) => Buffer.from(text, "base64");
const told = { checkpoints: 0, inclusions: 0, refused: 0 };

function refuse(act) {
  try {
    act();
  } catch (error) {
    if (error.code !== "TLOG_INCLUSION_PROOF_ERROR") throw error;
    told.refused += 1;
  }
}

const [name, id, coded] = asked.Vkey.split(/\+(.{8})\+/s);
const spki = Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), bytes(coded).subarray(1)]);
const publicKey = createPublicKey({ key: spki, format: "der", type: "spki" });
const logs = [{ logID: Buffer.from(id, "hex"), baseURL: name, publicKey }];
const entryWith = (envelope) => ({ inclusionProof: { checkpoint: { envelope } } });
for (const envelope of asked.Checkpoints) {
  verifyCheckpoint(entryWith(envelope), logs);
  told.checkpoints += 1;
  refuse(() => verifyCheckpoint(entryWith(`x${envelope}`), logs));
}
for (const { Index, Size, Entry, Root, Path } of asked.Inclusions) {
  const entry = (body) => ({
    canonicalizedBody: body,
    inclusionProof: { logIndex: String(Index), hashes: Path.map(bytes) },
  });
  const head = { logSize: BigInt(Size), logHash: bytes(Root) };
  verifyMerkleInclusion(entry(bytes(Entry)), head);
  told.inclusions += 1;
  refuse(() => verifyMerkleInclusion(entry(Buffer.concat([bytes(Entry), Buffer.from("x")])), head));
}
console.log(JSON.stringify(told));

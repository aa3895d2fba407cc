// Checks a credential with Digital Bazaar's libraries, which our issuing code does not use.
//
// Standard input: {credential, profile}, where profile is what the issuer publishes. Prints {verified, errors}.
// Nothing is fetched: whatever else the verifier asks for makes it refuse.
import { DataIntegrityProof } from "@digitalbazaar/data-integrity";
import { createVerifyCryptosuite } from "@digitalbazaar/eddsa-jcs-2022-cryptosuite";
import * as vc from "@digitalbazaar/vc";

const input = [];
for await (const chunk of process.stdin) input.push(chunk);
const { credential, profile } = JSON.parse(Buffer.concat(input).toString("utf8"));

const known = { [profile.id]: profile };
const MULTIKEY = "https://w3id.org/security/multikey/v1"; // the context under which these libraries read a single key
for (const method of profile.verificationMethod) known[method.id] = { "@context": MULTIKEY, ...method };

async function documentLoader(url) {
  console.error(url);
  const document = known[url];
  if (document) return { document, documentUrl: url, contextUrl: null };
  return vc.defaultDocumentLoader(url);
}

const suite = new DataIntegrityProof({ cryptosuite: createVerifyCryptosuite() });
const result = await vc.verifyCredential({ credential, suite, documentLoader, checkStatus: async () => ({ verified: true }) });
const errors = [result.error, ...(result.error?.errors ?? [])].filter(Boolean).map((error) => `${error.name}: ${error.message}`);
console.log(JSON.stringify({ verified: result.verified, errors }));

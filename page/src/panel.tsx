// One model opened: the commands, and each repository's values with evidence, confidence and gaps.
import { hubLink, type Model, type Snapshot, type UniqueModel } from "./facts";
const SIDE = /_(evidence|confidence|source|uncertainty)$/;
const write = (value: unknown): string => Array.isArray(value) ? value.join(", ") : String(value);
export const Hub = ({ id }: { id: string }) => { const to = hubLink(id); return to ? <a href={to} rel="noreferrer">{id}</a> : <span>{id}</span>; };
function Values({ model }: { model: Model }) {
  const names = Object.keys(model).filter((name) => name !== "gaps" && !SIDE.test(name));
  const because = (name: string) => write(model[`${name}_evidence`] ?? model[`${name}_source`] ?? "");
  return <div class="scroll" tabIndex={0} role="region" aria-label={`Values of ${model.repo_id}`}><table><thead><tr><th scope="col">Column</th><th scope="col">Value</th><th scope="col">Evidence</th><th scope="col">Confidence</th></tr></thead><tbody>
    {names.map((name) => <tr key={name}><th scope="row">{name}</th><td data-repo={model.repo_id} data-column={name}>{write(model[name])}{model[`${name}_uncertainty`] ? ` ± ${write(model[`${name}_uncertainty`])}` : ""}</td><td>{because(name)}</td><td>{write(model[`${name}_confidence`] ?? "")}</td></tr>)}
    {Object.entries(model.gaps).filter(([name]) => !(name in model)).map(([name, reason]) => <tr key={name} class="gap"><th scope="row">{name}</th><td>unknown</td><td>{reason}</td><td /></tr>)}
  </tbody></table></div>;
}
export function Panel({ snapshot, model }: { snapshot: Snapshot; model: UniqueModel }) {
  const copies = snapshot.models.filter((row) => row.unique_model_id === model.unique_model_id);
  return <div class="panel">
    {model.commercial_because?.length ? <p>Commercial use: {model.commercial} ({model.commercial_because.join("; ")})</p> : null}
    <h3>Ways to load it</h3>
    {model.variants.length === 0 ? <p class="quiet">The size of its weights is not known.</p> : <ul class="ways">{model.variants.map((v) => <li key={v.repo_id + v.variant}><b>{v.variant}</b> of <Hub id={v.repo_id} />{v.command ? <pre tabIndex={0}><code>{v.command}</code></pre> : null}<span class="quiet">{v.notes.join("; ")}</span></li>)}</ul>}
    <h3>Repositories</h3>
    {copies.map((copy) => <details key={copy.repo_id} open={copies.length === 1}><summary>{copy.repo_id} <span class="quiet">{copy.kind}</span></summary><p><Hub id={copy.repo_id} /></p><Values model={copy} /></details>)}
  </div>;
}

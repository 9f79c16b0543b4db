// The data contract with builder/page/facts.py: absent means unknown.
export type Value = string | number | boolean | string[];
export type Row = Record<string, Value | undefined>;
export interface Variant {
  repo_id: string; variant: string; basis: string; memory_bytes: number[]; memory_complete: boolean;
  limit_minutes: number | null; limit_set_by: string | null; runtime: string | null;
  runtime_status: string | null; command: string | null; notes: string[];
}
export interface UniqueModel {
  unique_model_id: string; title: string; family_id: string; audio_language_model: string;
  audio_domains?: string[]; language?: string[]; required_licenses?: string[]; required_gated?: boolean;
  runtime_parameters?: number; downloads?: number; repositories?: number;
  commercial: string; commercial_because?: string[]; variants: Variant[];
}
export interface Model { repo_id: string; unique_model_id: string; family_id: string; kind?: string; gaps: Record<string, string>; [column: string]: unknown }
export interface Snapshot { date: string; minutes: number[]; families: Row[]; unique_models: UniqueModel[]; models: Model[] }
declare global { interface Window { SNAPSHOTS?: Snapshot[] } }
const ID = /^[\w.-]+\/[\w.-]+$/;
export const hubLink = (id: string): string | null => (ID.test(id) ? `https://huggingface.co/${id}` : null);

/** An answer that is an error, as the API tells it (RFC 9457), or no answer at all. */
export interface FieldError {
  pointer: string;
  code: string;
  message: string;
  /** The bounds that were broken; of an amount in the smallest unit. */
  params?: { min?: number; max?: number };
}

export interface Problem {
  title: string;
  status: number;
  code: string;
  detail?: string;
  request_id?: string;
  errors?: FieldError[];
}

export class ApiError extends Error {
  readonly problem: Problem;
  /** Seconds until it makes sense to ask again, if the server said so. */
  readonly retryAfter: number | null;

  constructor(problem: Problem, retryAfter: number | null = null) {
    super(problem.detail || problem.title);
    this.name = 'ApiError';
    this.problem = problem;
    this.retryAfter = retryAfter;
  }

  get status() {
    return this.problem.status;
  }

  get code() {
    return this.problem.code;
  }
}

/** No answer came: the network or the server is away. */
export const offline = () => new ApiError({ title: 'No answer', status: 0, code: 'offline' });

const isProblem = (body: unknown): body is Problem =>
  typeof body === 'object' && body !== null && 'code' in body && 'status' in body;

export function toError(response: Response, body: unknown): ApiError {
  const seconds = Number(response.headers.get('Retry-After'));
  const retryAfter = response.headers.has('Retry-After') && Number.isFinite(seconds) ? seconds : null;
  if (isProblem(body)) return new ApiError(body, retryAfter);
  return new ApiError({ title: response.statusText, status: response.status, code: 'unexpected_answer' }, retryAfter);
}

export const isStatus = (error: unknown, status: number) => error instanceof ApiError && error.status === status;
export const isCode = (error: unknown, code: string) => error instanceof ApiError && error.code === code;

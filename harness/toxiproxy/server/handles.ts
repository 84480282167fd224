// The handles that Node makes its own sockets of. Node calls them internal and may withhold or change
// them: its sockets are used then, which do the same and take more time for each connection.

/** An import would load more than is needed of it. */
const { writeSync } = process.getBuiltinModule('node:fs');

export interface TcpHandle {
  /** The socket that it belongs to: callbacks have the handle for `this`. */
  owner: unknown;
  /** Its number in the system. */
  readonly fd: number;
  /** Called after a read (`readBytesOrError`). */
  onread: (this: TcpHandle) => void;
  useUserBuffer(memory: Buffer): void;
  setNoDelay(isOn: boolean): number;
  connect(request: Request, host: string, port: number): number;
  connect6(request: Request, host: string, port: number): number;
  readStart(): number;
  readStop(): number;
  writev(request: Request, chunks: readonly Buffer[], areBuffers: true): number;
  shutdown(request: Request): number;
  close(onClosed: (this: TcpHandle) => void): void;
  /** Closes with a TCP reset. Must not be called while a shutdown is under way. */
  reset(onClosed: (this: TcpHandle) => void): number;
}

interface ListeningHandle {
  onconnection: (error: number, client: TcpHandle | undefined) => void;
}

/** Something that the system is asked for; it holds what must stay in memory until it is done. */
export interface Request {
  owner: unknown;
  kept: unknown;
  oncomplete: (this: Request, status: number) => void;
}

export interface Handles {
  createTcp(): TcpHandle;
  isTcp(handle: unknown): handle is TcpHandle & ListeningHandle;
  readonly ConnectRequest: new () => Request;
  readonly WriteRequest: new () => Request;
  readonly ShutdownRequest: new () => Request;
  /** The outcome of the read that `onread` is told of: bytes, or an error below 0. */
  readBytesOrError(): number;
  /** True: the system took only a part of the last write, and the request will complete. */
  isLastWritePending(): boolean;
  /** Writes the bytes that there is room for, and gives their number; -1: it cannot. */
  writeNow(handle: TcpHandle, chunk: Buffer): number;
}

interface TcpBinding {
  readonly TCP: { new (type: number): TcpHandle; readonly prototype: Partial<TcpHandle> };
  readonly TCPConnectWrap: new () => Request;
  readonly constants: { readonly SOCKET: number };
}

interface StreamBinding {
  readonly WriteWrap: new () => Request;
  readonly ShutdownWrap: new () => Request;
  readonly streamBaseState: Int32Array;
  readonly kReadBytesOrError: number;
  readonly kLastWriteWasAsync: number;
}

type Binding = (name: string) => unknown;

const METHODS = [
  ...(['useUserBuffer', 'setNoDelay', 'connect', 'connect6', 'readStart', 'readStop'] as const),
  ...(['writev', 'shutdown', 'close', 'reset'] as const),
] as const;

/** Undefined: this Node does not have them as they are known. */
export function findHandles(binding: Binding | undefined): Handles | undefined {
  try {
    const { TCP, TCPConnectWrap, constants } = binding?.('tcp_wrap') as TcpBinding;
    const stream = binding?.('stream_wrap') as StreamBinding;
    const { WriteWrap, ShutdownWrap, streamBaseState: state } = stream;
    const { kReadBytesOrError, kLastWriteWasAsync } = stream;
    const isKnown = METHODS.every((name) => typeof TCP.prototype[name] === 'function');
    const isWhole = [TCPConnectWrap, WriteWrap, ShutdownWrap].every((one) => one !== undefined);
    const areNumbers = [state[kReadBytesOrError], state[kLastWriteWasAsync], constants.SOCKET];
    if (!isKnown || !isWhole || areNumbers.includes(undefined)) return undefined;
    return {
      createTcp: () => new TCP(constants.SOCKET),
      isTcp: (handle): handle is TcpHandle & ListeningHandle => handle instanceof TCP,
      ConnectRequest: TCPConnectWrap,
      WriteRequest: WriteWrap,
      ShutdownRequest: ShutdownWrap,
      readBytesOrError: () => state[kReadBytesOrError] ?? 0,
      isLastWritePending: () => state[kLastWriteWasAsync] !== 0,
      writeNow,
    };
  } catch {
    return undefined;
  }
}

function writeNow({ fd }: TcpHandle, chunk: Buffer): number {
  try {
    return writeSync(fd, chunk);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EAGAIN' ? 0 : -1;
  }
}

/** Those of this process. */
export const handles = findHandles((process as { binding?: Binding }).binding);

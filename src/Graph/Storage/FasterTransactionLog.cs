using System.Buffers.Binary;
using System.Security.Cryptography;
using AuthzGraph.Graph.Storage.Checkpoints;
using AuthzGraph.Model;
using FASTER.core;

namespace AuthzGraph.Graph.Storage;

/// <summary>
/// The transaction log on a FasterLog. FASTER lends its buffer, its framing and its group flush; the device, the frame,
/// recovery and what a commit means are ours (docs/storage.md, docs/decisions/0002).
/// </summary>
internal sealed class FasterTransactionLog : ITransactionLog
{
    private readonly LogParts _parts;
    private readonly LogShape _shape;
    private readonly StoreSlots _slots;
    private readonly ILogDevice _device;
    private readonly LogPosition _start;
    private readonly LogPosition _recovered;
    private readonly LogPlaces _places;
    private readonly LogBuffer _log;
    private readonly DurableProgress _durable;
    private readonly LogAppender _appender;
    private readonly GroupCommitter _committer;
    private readonly StoreCheckpoints _checkpoints;
    private int _disposed;

    private FasterTransactionLog(LogParts parts, LogShape shape, StoreSlots slots, ILogDevice device, CheckpointChoice choice, LogPosition recovered)
    {
        (_parts, _shape, _slots, _device, _start, _recovered) = (parts, shape, slots, device, choice.Start, recovered);
        _log = Start(shape, device, slots.Manifest.Begin.Address, recovered.Address);
        _durable = new DurableProgress(recovered.Address);
        _places = new LogPlaces(slots.Manifest.Begin, shape.PageBytes);
        _appender = new LogAppender(_log, _durable, shape, Identity, recovered, _places);
        _committer = new GroupCommitter(_log, device, _appender, _durable, BeforeAdvance, shape.IdleBeforeMark, parts.Time);
        _checkpoints = new StoreCheckpoints(
            new CheckpointSources(parts.Checkpoints, slots, device, shape, parts.Retention, () => _durable.Position, Guard, _places.BeginAt,
                () => _durable.Failure is not null),
            choice, parts.Time, parts.CheckpointFailed);
        device.OnFailure = _durable.Fail;
    }

    public StoreIdentity Identity => _slots.Manifest.Identity;

    public Exception? Failure => _durable.Failure;

    public Task<Exception> Failed => _durable.Failed;

    public LogFigures Figures => new(_durable.Position - _slots.Manifest.Begin.Address, _durable.Advances);

    public Instant ReservedInstant => _slots.ReservedInstant;

    /// <summary>Opens the store in a directory, making it where there is none.</summary>
    /// <exception cref="StoreFailedException">The directory is in use, damaged, of another format, or can't be written.</exception>
    public static FasterTransactionLog Open(
        string directory, TimeProvider? time = null, LogShape? shape = null, LogRetention? retention = null, Action<Exception>? checkpointFailed = null) =>
        Guarded(() => Open(LogParts.In(directory, StableStorage.Disk) with
        {
            Time = time ?? TimeProvider.System,
            Shape = shape ?? LogShape.Default,
            Retention = retention ?? LogRetention.Default,
            CheckpointFailed = checkpointFailed,
        }));

    /// <inheritdoc cref="Open(string, TimeProvider?, LogShape?)"/>
    public static FasterTransactionLog Open(LogParts parts) => Guarded(() =>
    {
        Stack<IDisposable> opened = new([parts.Lock]);
        try
        {
            StoreSlots slots = StoreSlots.Open(parts);
            opened.Push(slots);
            LogShape shape = parts.Shape.For(slots.Manifest);
            CheckpointChoice choice = CheckpointChoice.Of(parts.Checkpoints, slots.Manifest);
            ILogDevice device = parts.OpenDevice(shape, slots.Manifest.Begin.Address);
            opened.Push(device);
            LogPosition recovered = LogRecovery.FindTail(device, shape, slots.Manifest, choice.Start, out string? cut);
            if (cut is not null) choice = choice with { Notices = [.. choice.Notices, cut] };
            FasterTransactionLog log = new(parts, shape, slots, device, choice, recovered);
            opened.Clear();
            return log.Started();
        }
        catch
        {
            while (opened.TryPop(out IDisposable? part)) part.Dispose();
            throw;
        }
    });

    public Revision Oldest => _slots.Manifest.Begin.Revision.Next;

    public ICheckpoint Checkpoint => _checkpoints;

    public void Replay(Action<LogTransaction> apply)
    {
        LogScan scan = new(_device, _shape, _start, Identity);
        LogReplay.Run(scan, _recovered.Address, transaction =>
        {
            apply(transaction);
            _places.Add(scan.Tail);
        });
        _checkpoints.Follow();
    }

    public IEnumerable<LogTransaction> ReadBack(CancellationToken cancellation)
    {
        using IDisposable held = _checkpoints.HoldPast(out LogPosition begin);
        if (begin.Address >= _start.Address) yield break;
        // not in order where a damaged checkpoint was replaced by one that goes less far
        IEnumerable<LogPosition> between = _slots.Manifest.Starts.Where(s => s.Address > begin.Address && s.Address < _start.Address).OrderBy(s => s.Address);
        LogBack back = new(new RetriedPages(_device, RetriedPages.Waits, cancellation), _shape, Identity, _places.AddFirst);
        foreach (LogTransaction transaction in back.Read([begin, .. between.Distinct()], _start, cancellation)) yield return transaction;
        if (begin.Revision.Value > 0) yield return new LogTransaction(begin.Revision, begin.CommittedAt, []);
    }

    public IEnumerable<LogTransaction> ReadFrom(Revision first)
    {
        LogPosition start = _places.Before(first);
        long until = _durable.Position;
        if (start.Address >= until) return [];
        return LogReplay.Read(new LogScan(_device, _shape, start, Identity), until).SkipWhile(transaction => transaction.Revision < first);
    }

    public ValueTask<long> AppendAsync(LogTransaction transaction, CancellationToken cancellation) =>
        _appender.AppendAsync(transaction, _committer.Signal, cancellation);

    public ValueTask WaitDurableAsync(long position) => _durable.WaitAsync(position);

    public ValueTask<StoreBackup> BackupAsync(CancellationToken cancellation) => _checkpoints.RunBetweenAsync(
        () => new StoreBackup(
            _parts.Directory ?? throw Rejections.NoDirectory(), _slots.Manifest with { DurableUpTo = _durable.Position }, _slots.ReservedInstant, StoreFileNames.Backup),
        cancellation);

    public void ReserveInstant(Instant until) => Guard(() => _slots.Reserve(until));

    /// <summary>
    /// Commits what is pending and closes the store. A failure on the way is in <see cref="Failure"/>: what was
    /// acknowledged is durable already.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        await _checkpoints.DisposeAsync().ConfigureAwait(false);
        await _committer.StopAsync().ConfigureAwait(false);
        if (Failure is null) StopIfFails(() => _slots.SetDurableUpTo(_durable.Position));
        _device.Dispose();   // before the log: what is still queued there points into FASTER's buffer
        _log.Dispose();
        _slots.Dispose();
        _appender.Dispose();
        _parts.Lock.Dispose();
    }

    private void StopIfFails(Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _durable.Fail(e);
        }
    }

    private static LogBuffer Start(LogShape shape, ILogDevice device, long begin, long until)
    {
        FasterLog log = new(new FasterLogSettings
        {
            LogDevice = device,
            LogCommitManager = new RecoveredCommit(begin, until),
            LogChecksum = LogChecksumType.None,
            PageSizeBits = shape.PageBits,
            MemorySizeBits = shape.MemoryBits,
            SegmentSizeBits = shape.SegmentBits,
            TryRecoverLatest = false,   // it would take whatever it can't read for an empty log
        });
        if (until != LogPosition.Origin.Address) log.Recover();
        Invariant.That(log.TailAddress == until);
        return new LogBuffer(log);
    }

    /// <summary>Writes the epoch record. Until it is durable, what recovery decided could be decided otherwise by the next one.</summary>
    private FasterTransactionLog Started()
    {
        try
        {
            _appender.AppendEpoch(NewEpoch(_recovered.Epoch));
            _committer.Start();
            _committer.Signal();
            _durable.WaitAsync(_appender.TailAddress).AsTask().GetAwaiter().GetResult();
            _slots.SetDurableUpTo(_durable.Position);
            _checkpoints.Start();
            return this;
        }
        catch
        {
            DisposeAsync().AsTask().GetAwaiter().GetResult();
            throw;
        }
    }

    /// <summary>A failed change of a small file stops the log: nobody knows what it says then.</summary>
    private void Guard(Action change)
    {
        _durable.ThrowIfFailed();
        StopIfFails(change);
        _durable.ThrowIfFailed();
    }

    private void BeforeAdvance(long address)
    {
        KeepSegment(address);
        _checkpoints.Consider(address);
    }

    /// <summary>
    /// Before the first acknowledgement out of a segment the manifest learns of that segment, so that its file can't go
    /// missing unnoticed.
    /// </summary>
    private void KeepSegment(long address)
    {
        if (_shape.SegmentOf(address) != _shape.SegmentOf(_slots.Manifest.DurableUpTo)) _slots.SetDurableUpTo(address);
    }

    private static uint NewEpoch(uint last)
    {
        while (true)
        {
            uint epoch = BinaryPrimitives.ReadUInt32LittleEndian(RandomNumberGenerator.GetBytes(sizeof(uint)));
            if (epoch != 0 && epoch != last) return epoch;
        }
    }

    private static FasterTransactionLog Guarded(Func<FasterTransactionLog> open)
    {
        try
        {
            return open();
        }
        catch (Exception e) when (e is IOException and not StoreFailedException or UnauthorizedAccessException or FasterException)
        {
            throw new StoreFailedException($"the store can't be opened: {e.Message}", e);
        }
    }
}

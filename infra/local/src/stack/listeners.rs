//! Ports of a stack, all on loopback; what containers must reach listens at their bridge instead.

use crate::containers::Places;
use crate::error::StartError;
use std::io::ErrorKind;
use std::net::{Ipv4Addr, SocketAddr};
use tokio::net::TcpListener;

/// Opened listeners, before anything answers on them.
pub(super) struct Listeners {
    pub(super) portal: TcpListener,
    pub(super) tools: TcpListener,
    pub(super) s3: TcpListener,
    /// Where the functions reach the database.
    pub(super) dynamodb: TcpListener,
    /// Where the database itself listens.
    pub(super) database: TcpListener,
    pub(super) aws: TcpListener,
}

impl Listeners {
    pub(super) async fn open(portal_port: u16, containers: Option<&Places>) -> Result<Self, StartError> {
        let after = |steps: u16| match portal_port {
            0 => Ok(0),
            port => port.checked_add(steps).ok_or_else(|| StartError::Listen {
                port,
                source: std::io::Error::other("the ports after it are needed as well, so 65533 is the highest"),
            }),
        };
        if let Some(places) = containers {
            let [s3, dynamodb, aws] = places.ports();
            let reached = |port| open_at(places.address, port);
            return Ok(Self {
                portal: open(portal_port).await?,
                tools: open(after(1)?).await?,
                s3: reached(s3).await?,
                dynamodb: reached(dynamodb).await?,
                database: open(0).await?,
                aws: reached(aws).await?,
            });
        }
        Ok(Self {
            portal: open(portal_port).await?,
            tools: open(after(1)?).await?,
            s3: open(after(2)?).await?,
            dynamodb: open(0).await?,
            database: open(0).await?,
            aws: open(0).await?,
        })
    }
}

pub(super) async fn open(port: u16) -> Result<TcpListener, StartError> {
    open_at(Ipv4Addr::LOCALHOST, port).await
}

async fn open_at(address: Ipv4Addr, port: u16) -> Result<TcpListener, StartError> {
    TcpListener::bind(SocketAddr::from((address, port))).await.map_err(|source| {
        if source.kind() == ErrorKind::AddrInUse {
            StartError::PortInUse { port }
        } else {
            StartError::Listen { port, source }
        }
    })
}

/// The port that a listener got.
pub(super) fn port(listener: &TcpListener) -> Result<u16, StartError> {
    let address = listener.local_addr();
    address.map(|address| address.port()).map_err(|source| StartError::Listen { port: 0, source })
}
